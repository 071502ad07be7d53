import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import {
  copyHistogram,
  countOf,
  createHistogram,
  finestIndex,
  lowerScale,
  mergeHistogram,
  upperBound,
} from '../../../src/protocol/histogram.ts'
import { MAX_BUCKETS, MAX_SCALE, MIN_SCALE } from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { fromUnits, unitsOf } from '../../support/rationals.ts'

const sorted = (buckets: ReadonlyMap<number, number>): [number, number][] => [...buckets].sort(([a], [b]) => a - b)

/** What two histograms of the same observations share; the parts of a sum may differ, their total may not. */
const essence = (histogram: Histogram): unknown => ({
  scale: histogram.scale,
  zero: histogram.zero,
  positive: sorted(histogram.positive),
  negative: sorted(histogram.negative),
  sum: unitsOf(histogram.sum),
})

const values = fc.array(anyValue, { maxLength: 400 })
const positive = anyValue.map(Math.abs).filter((value) => value > 0)

describe('finestIndex', () => {
  it.each([
    { value: 1, index: -1 },
    { value: 1 + 2 ** -52, index: 0 },
    { value: 2, index: 255 },
    { value: 2 - 2 ** -52, index: 255 },
    { value: 0.5, index: -257 },
    { value: 5e-324, index: -1074 * 256 - 1 },
    { value: 1e-323, index: -1073 * 256 - 1 },
    { value: 2.2250738585072014e-308, index: -1022 * 256 - 1 },
    { value: 1.7976931348623157e308, index: 1023 * 256 + 255 },
  ])('puts $value into bucket $index', ({ value, index }) => {
    expect(finestIndex(value)).toBe(index)
  })

  it('never leaves the power of two of its value', () => {
    const agrees = (value: number): void => {
      const bound = 2 ** (finestIndex(value) >> MAX_SCALE)
      expect(value).toBeGreaterThan(bound)
      expect(value / 2).toBeLessThanOrEqual(bound)
    }
    fc.assert(fc.property(positive, agrees), { numRuns: 2_000 })
  })

  it('finds the bucket whose bounds hold the value, to the rounding of a logarithm', () => {
    const agrees = (value: number): void => {
      const index = finestIndex(value)
      expect(value).toBeLessThanOrEqual(upperBound(index, MAX_SCALE) * (1 + 1e-12))
      expect(value).toBeGreaterThanOrEqual(upperBound(index - 1, MAX_SCALE) * (1 - 1e-12))
    }
    const normal = fc.double({ min: 1e-300, max: 1e290, noNaN: true })
    fc.assert(fc.property(normal, agrees), { numRuns: 2_000 })
  })

  it('never falls as values rise', () => {
    const agrees = (a: number, b: number): void => {
      expect(finestIndex(Math.min(a, b))).toBeLessThanOrEqual(finestIndex(Math.max(a, b)))
    }
    fc.assert(fc.property(positive, positive, agrees), { numRuns: 1_000 })
  })
})

describe('histograms', () => {
  it('count and sum exactly, within bounds', () => {
    const agrees = (list: readonly number[]): void => {
      const histogram = histogramOf(list)
      expect(countOf(histogram)).toBe(list.length)
      expect(roundExact(histogram.sum)).toBe(fromUnits(unitsOf(list)))
      expect(histogram.zero).toBe(list.filter((value) => value === 0).length)
      expect(countOf({ ...histogram, zero: 0, negative: new Map() })).toBe(list.filter((value) => value > 0).length)
      expect(histogram.positive.size).toBeLessThanOrEqual(MAX_BUCKETS)
      expect(histogram.negative.size).toBeLessThanOrEqual(MAX_BUCKETS)
      expect(histogram.scale).toBeGreaterThanOrEqual(MIN_SCALE)
    }
    fc.assert(fc.property(values, agrees), { numRuns: 500 })
  })

  it('do not depend on the order of observations, nor on how they were split and merged', () => {
    const agrees = (list: readonly number[], cuts: readonly number[]): void => {
      const parts = [...cuts.map((cut) => cut % (list.length + 1)), 0, list.length].sort((a, b) => a - b)
      const merged = createHistogram()
      for (let i = parts.length - 1; i > 0; i--) mergeHistogram(merged, histogramOf(list.slice(parts[i - 1], parts[i])))
      expect(essence(merged)).toEqual(essence(histogramOf(list)))
      expect(essence(histogramOf([...list].reverse()))).toEqual(essence(histogramOf(list)))
    }
    fc.assert(fc.property(values, fc.array(fc.nat(), { maxLength: 6 }), agrees), { numRuns: 500 })
  })

  it('merge without order mattering', () => {
    const agrees = (...[a, b, c]: [number[], number[], number[]]): void => {
      const [left, right] = [copyHistogram(histogramOf(a)), copyHistogram(histogramOf(c))]
      mergeHistogram(left, histogramOf(b))
      mergeHistogram(left, histogramOf(c))
      mergeHistogram(right, histogramOf(b))
      mergeHistogram(right, histogramOf(a))
      expect(essence(left)).toEqual(essence(right))
    }
    fc.assert(fc.property(values, values, values, agrees), { numRuns: 200 })
  })

  it('keep count and sum when the scale is lowered, and go the same way in one step as in many', () => {
    const agrees = (list: readonly number[], scale: number): void => {
      const [once, stepwise] = [histogramOf(list), histogramOf(list)]
      lowerScale(once, scale)
      for (let s = MAX_SCALE; s >= scale; s--) lowerScale(stepwise, s)
      expect(essence(once)).toEqual(essence(stepwise))
      expect(countOf(once)).toBe(list.length)
      expect(unitsOf(once.sum)).toBe(unitsOf(list))
    }
    fc.assert(fc.property(values, fc.integer({ min: MIN_SCALE, max: MAX_SCALE }), agrees), { numRuns: 200 })
  })

  it('never raise the scale, and are copied apart', () => {
    const histogram = histogramOf([1, 2])
    lowerScale(histogram, 3)
    lowerScale(histogram, 8)
    expect(histogram.scale).toBe(3)
    const copy = copyHistogram(histogram)
    mergeHistogram(copy, histogramOf([5]))
    expect(countOf(histogram)).toBe(2)
  })

  it('fit the whole range of doubles at the coarsest scale', () => {
    const exponents = Array.from({ length: 2037 }, (_, i) => i - 1074)
    const histogram = histogramOf(exponents.flatMap((exponent) => [2 ** exponent, -(2 ** exponent)]))
    expect(histogram.scale).toBe(MIN_SCALE)
    expect(countOf(histogram)).toBe(2 * exponents.length)
  })
})
