import { describe, expect, it } from 'vitest'
import type { Change } from '../../../worker/state/change.ts'
import { decodeChange } from '../../../worker/state/decode-change.ts'
import { encodeChange } from '../../../worker/state/encode-change.ts'
import type { StoredChange } from '../../../worker/state/stored-change.ts'
import { ROWS_OF_0_1 } from './rows-of-0.1.ts'

describe('a stored change', () => {
  it.each(ROWS_OF_0_1)('%s is written as version 0.1 wrote it', (text, change) => {
    expect(JSON.stringify(encodeChange(change))).toBe(text)
  })

  it.each(ROWS_OF_0_1)('%s of version 0.1 is read', (text, change) => {
    expect(decodeChange(JSON.parse(text) as StoredChange)).toEqual(change)
  })

  it('is here for every kind of change', () => {
    const kinds: Record<Change['type'], true> = {
      at: true,
      seen: true,
      add: true,
      flush: true,
      zeroSent: true,
      endSent: true,
      removeSeries: true,
      forgetDestination: true,
      seed: true,
      session: true,
      series: true,
      openBacklog: true,
      closeBacklog: true,
      pending: true,
      freeze: true,
      settle: true,
      frozen: true,
      frozenSeries: true,
      deadLetter: true,
      deadLettersRemoved: true,
      override: true,
    }
    expect(new Set(ROWS_OF_0_1.map(([, { type }]) => type))).toEqual(new Set(Object.keys(kinds)))
  })
})
