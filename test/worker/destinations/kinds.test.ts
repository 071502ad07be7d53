import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as list from '../../../worker/destinations/index.ts'
import { DESTINATIONS, kindOf, withOwnKinds } from '../../../worker/destinations/kinds.ts'
import { defineDestination } from '../../../worker/destinations/define-destination.ts'
import type { DestinationDefinition } from '../../../worker/model/destination-definition.ts'
import { repository } from '../../support/paths.ts'

const folders = readdirSync(join(repository, 'worker/destinations'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => name)

const own = (kind: string): DestinationDefinition =>
  defineDestination({
    kind,
    address: 'whole',
    temporality: 'cumulative',
    schema: {},
    createExporter: () => {
      throw new Error('not in this test')
    },
  })

it('every folder is in the list, under the name of its kind', () => {
  expect(Object.keys(list)).toEqual(folders.toSorted())
  expect(Object.entries(list).map(([name, { kind }]) => [name, kind])).toEqual(folders.toSorted().map((it) => [it, it]))
})

describe.each(folders)('the kind %s', (folder) => {
  it('runs the contract of exporters', () => {
    const tests = join(import.meta.dirname, folder)
    const sources = readdirSync(tests).map((file) => readFileSync(join(tests, file), 'utf8'))
    expect(sources.some((source) => source.includes('describeExporter'))).toBe(true)
  })

  it.each(['cumulative', 'delta'] as const)('has an exporter of the temporality that it says: %s', (written) => {
    const { temporality, docs, read, createExporter } = kindOf(DESTINATIONS, folder)
    const changes = temporality === 'either' ? { temporality: written } : {}
    const settings = read({ name: 'it', kind: folder, ...docs?.example, ...changes })
    expect(settings).toMatchObject({ ok: true })
    const all = { metrics: {}, resourceLabels: { service: true, release: true } }
    const expected = temporality === 'either' ? written : temporality
    expect(settings.ok && createExporter(settings.value, all).temporality).toBe(expected)
  })

  it('is found by its name', () => {
    expect(kindOf(DESTINATIONS, folder).kind).toBe(folder)
  })
})

describe('withOwnKinds', () => {
  it('puts own kinds beside the built-in ones', () => {
    const mine = own('mine')
    expect(withOwnKinds([mine])).toEqual([...DESTINATIONS, mine])
    expect(withOwnKinds([])).toEqual(DESTINATIONS)
  })

  it.each([...folders.map((name) => [name]), ['mine', 'mine']])('refuses %s', (...names) => {
    expect(() => withOwnKinds(names.map(own))).toThrow(
      `there is a kind of destination "${names[0]}" already: give yours another name`,
    )
  })
})

it.each(['', 'mine', 'constructor'])('kindOf of %j says that it is a bug', (name) => {
  expect(() => kindOf(DESTINATIONS, name)).toThrow(`BUG: no kind of destination is called "${name}"`)
})
