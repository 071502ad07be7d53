import { describe, expect, it } from 'vitest'
import { destinationDefaults } from '../../worker/schema/destination-defaults.ts'
import { mistakesOf, readDestination } from './written-destination.ts'

type Written = Readonly<Record<string, unknown>>

/** What configurations of a kind become, and what is wrong with others. Each as it is written, without `name` and `kind`. */
export interface KindCases {
  readonly kind: string
  /** The settings, without those that every destination has by default. */
  readonly becomes: readonly (readonly [written: Written, settings: Written])[]
  /** The beginning of the mistake, from the key on. */
  readonly mistakes: readonly (readonly [written: Written, mistake: string])[]
}

/** A secret that somebody wrote in the wrong place: no mistake repeats it. */
const CANARY = 'hunter2'

export function describeKind({ kind, becomes, mistakes }: KindCases): void {
  describe(`the kind ${kind}`, () => {
    it.each(becomes)('%j becomes what the exporter uses', (written, settings) => {
      const common = { ...destinationDefaults, name: 'it', kind }
      expect(readDestination({ name: 'it', kind, ...written })).toEqual({ ...common, ...settings })
    })

    it.each(mistakes)('%j says what to do', (written, mistake) => {
      const found = mistakesOf({ name: 'it', kind, ...written })
      expect(found).toEqual([expect.stringContaining(`PHAROS.destinations[0].${mistake}`)])
      expect(found.join()).not.toContain(CANARY)
    })
  })
}
