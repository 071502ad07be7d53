import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHistogram } from '../../../src/protocol/decode-value.ts'
import { lowerScale, mergeHistogram } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { encodeHistogram, encodeSum, loneHistogram } from '../../../src/protocol/wire.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const essence = (histogram: Histogram | undefined): unknown =>
  histogram && { ...histogram, sum: unitsOf(histogram.sum) }

const roundTrip = (histogram: Histogram): Histogram | undefined =>
  decodeHistogram(JSON.parse(JSON.stringify(encodeHistogram(histogram))))

describe('encodeSum', () => {
  it.each([
    [[], 0],
    [[3], 3],
    [
      [1e-20, 1],
      [1e-20, 1],
    ],
  ])('writes %j as %j', (sum, wire) => {
    expect(encodeSum(sum)).toEqual(wire)
  })
})

describe('encodeHistogram', () => {
  it.each([
    { values: [0.25], wire: 0.25 },
    { values: [0], wire: 0 },
    { values: [-3], wire: -3 },
    { values: [1, 1], wire: [2, [-1, 2]] },
    { values: [1, 2], wire: [3, [-1, 1, 256, 1]] },
    { values: [1, 0], wire: [1, [-1, 1], 8, 1] },
    { values: [1, -1], wire: [0, [-1, 1], 8, 0, [-1, 1]] },
    { values: [0, 0], wire: [0, [], 8, 2] },
  ])('writes $values as $wire', ({ values, wire }) => {
    expect(encodeHistogram(histogramOf(values))).toEqual(wire)
  })

  it('names the scale when it is not the finest', () => {
    const histogram = histogramOf([1, 1])
    lowerScale(histogram, 0)
    expect(encodeHistogram(histogram)).toEqual([2, [-1, 2], 0])
  })

  it('is read back as it was', () => {
    const agrees = (values: readonly number[]): void => {
      const histogram = histogramOf(values)
      expect(essence(roundTrip(histogram))).toEqual(essence(histogram))
    }
    fc.assert(fc.property(fc.array(anyValue, { minLength: 1, maxLength: 300 }), agrees), { numRuns: 500 })
  })

  it('is read back as it was when merged and at any scale', () => {
    const agrees = (a: readonly number[], b: readonly number[], scale: number): void => {
      const histogram = histogramOf(a)
      mergeHistogram(histogram, histogramOf(b))
      lowerScale(histogram, scale)
      expect(essence(roundTrip(histogram))).toEqual(essence(histogram))
    }
    const values = fc.array(anyValue, { minLength: 1, maxLength: 50 })
    fc.assert(fc.property(values, values, fc.integer({ min: -4, max: 8 }), agrees), { numRuns: 300 })
  })

  it('makes of a lone value what recording it makes', () => {
    const agrees = (value: number): void => {
      expect(loneHistogram(value)).toEqual(histogramOf([value]))
    }
    fc.assert(fc.property(anyValue, agrees))
  })
})
