import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import {
  copyDelta,
  decodeDelta,
  encodeDelta,
  mergeDelta,
  mergeInto,
  type StoredDelta,
} from '../../../worker/model/delta.ts'
import type { Delta } from '../../../worker/model/types.ts'
import { exactly } from '../flush/exact.ts'

const value = fc.double({ min: -1e290, max: 1e290, noNaN: true })
const values = fc.array(value, { maxLength: 20 })
const histogramOf = (recorded: readonly number[]): Delta => {
  const histogram = createHistogram()
  for (const one of recorded) recordValue(histogram, one)
  return histogram
}
const sumOf = (added: readonly number[]): Delta => {
  const sum: Delta = []
  for (const one of added) mergeDelta(sum, [one])
  return sum
}
const kinds = [
  ['a sum', sumOf],
  ['a histogram', histogramOf],
] as const

describe.each(kinds)('%s', (_, of) => {
  it('merges to the same, in any order and in any parts', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [ab, ba] = [of(a), of(b)]
        mergeDelta(ab, of(b))
        mergeDelta(ba, of(a))
        expect(exactly(ab)).toEqual(exactly(of([...a, ...b])))
        expect(exactly(ba)).toEqual(exactly(ab))
      }),
    )
  })

  it('is the same after storage', () => {
    fc.assert(
      fc.property(values, (recorded) => {
        const text = JSON.stringify(encodeDelta(of(recorded)))
        expect(exactly(decodeDelta(JSON.parse(text) as StoredDelta))).toEqual(exactly(of(recorded)))
      }),
    )
  })

  it('is not shared by a copy, nor by the map that it is merged into', () => {
    const [given, held] = [of([1, 2]), new Map<string, Delta>()]
    const before = exactly(given)
    mergeInto(held, 'k', given)
    mergeInto(held, 'k', of([4]))
    mergeDelta(copyDelta(given), of([8]))
    expect(exactly(given)).toEqual(before)
    expect(exactly(held.get('k')!)).toEqual(exactly(of([1, 2, 4])))
  })
})

it('a sum and a histogram never merge', () => {
  expect(() => mergeDelta([1], createHistogram())).toThrow('BUG')
  expect(() => mergeDelta(createHistogram(), [1])).toThrow('BUG')
})
