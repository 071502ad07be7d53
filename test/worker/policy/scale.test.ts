import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addExact, mergeExact } from '../../../src/protocol/exact-sum.ts'
import { copyHistogram, mergeHistogram } from '../../../src/protocol/histogram.ts'
import { MAX_WEIGHT } from '../../../src/protocol/limits.ts'
import { scaleDelta } from '../../../worker/policy/scale.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const anyWeight = fc.oneof(fc.integer({ min: 1, max: MAX_WEIGHT }), fc.constantFrom(1, 2, 3, 1024, MAX_WEIGHT))
const values = fc.array(anyValue, { minLength: 1, maxLength: 20 })

const sumOf = (all: readonly number[]): number[] => {
  const sum: number[] = []
  for (const value of all) addExact(sum, value)
  return sum
}

describe('scaleDelta', () => {
  it('multiplies a sum without rounding', () => {
    const agrees = (all: readonly number[], weight: number): void => {
      const scaled = scaleDelta(sumOf(all), weight) as number[]
      expect(unitsOf(scaled)).toBe(unitsOf(all) * BigInt(weight))
    }
    fc.assert(fc.property(values, anyWeight, agrees), { numRuns: 300 })
  })

  it('makes of a histogram what adding it so many times makes', () => {
    const agrees = (all: readonly number[], weight: number): void => {
      const histogram = histogramOf(all)
      const before = structuredClone(histogram)
      const added = copyHistogram(histogram)
      for (let i = 1; i < weight; i++) mergeHistogram(added, histogram)
      const { sum, ...shape } = scaleDelta(histogram, weight) as typeof histogram
      const { sum: addedSum, ...addedShape } = added
      expect(shape).toEqual(addedShape)
      expect(unitsOf(sum)).toBe(unitsOf(addedSum))
      expect(histogram).toEqual(before)
    }
    fc.assert(fc.property(values, fc.integer({ min: 1, max: 40 }), agrees), { numRuns: 100 })
  })

  it('leaves what stands for itself as it is', () => {
    const sum = [0.25]
    mergeExact(sum, [1e-20])
    expect(scaleDelta(sum, 1)).toBe(sum)
  })
})
