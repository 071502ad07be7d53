import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import type { Change } from '../../../worker/state/change.ts'
import { packRows, unpackRow } from '../../../worker/storage/log-rows.ts'
import { key } from '../aggregator/rig.ts'

const value = fc.double({ min: -1e290, max: 1e290, noNaN: true }).filter((n) => !Object.is(n, -0))
const histogram = fc.array(value, { maxLength: 300 }).map((values) => {
  const into = createHistogram()
  for (const one of values) recordValue(into, one)
  return into
})
const delta = fc.oneof(fc.array(value, { maxLength: 4 }), histogram)
const state = { startMs: 1, changedMs: 2, zeroSentTo: ['a'], endSentTo: [] }
const change = fc.oneof(
  delta.map((it): Change => ({ type: 'add', key: key('x'), delta: it })),
  delta.map((it): Change => ({ type: 'series', key: key('y'), total: it, state })),
  fc.nat().map((it): Change => ({ type: 'at', timeMs: it })),
  fc.string({ unit: 'binary' }).map((it): Change => ({ type: 'seen', session: it, sequence: 3 })),
  fc.constant<Change>({ type: 'session', session: 's', sequences: [1, 4, 7, 9] }),
)

describe('rows', () => {
  it('give back exactly the changes that were packed', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        expect(packRows(changes).flatMap(unpackRow)).toEqual(changes)
      }),
    )
  })

  it('are one even for nothing, and more than one before they are too large', () => {
    expect(packRows([])).toEqual(['[]'])
    const large = Array.from({ length: 3_000 }, (): Change => ({
      type: 'removeSeries',
      key: key('x', '語'.repeat(300)),
    }))
    const rows = packRows(large)
    expect(rows.length).toBeGreaterThan(1)
    expect(Math.max(...rows.map((row) => new TextEncoder().encode(row).length))).toBeLessThan(2_000_000)
    expect(rows.flatMap(unpackRow)).toEqual(large)
  })
})
