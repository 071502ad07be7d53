import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addExact, MAX_SUM_PARTS, mergeExact, roundExact } from '../../../src/protocol/exact-sum.ts'
import type { ExactSum } from '../../../src/protocol/types.ts'
import { anyValue } from '../../support/arbitraries.ts'
import { fromUnits, toUnits, unitsOf } from '../../support/rationals.ts'

const sumOf = (values: readonly number[]): ExactSum => {
  const sum: ExactSum = []
  for (const value of values) addExact(sum, value)
  return sum
}

const values = fc.array(anyValue, { maxLength: 60 })

describe('exact sums', () => {
  it.each([
    { values: [], rounded: 0 },
    { values: [0, -0], rounded: 0 },
    { values: [0.1, 0.2], rounded: 0.30000000000000004 },
    { values: Array.from({ length: 10 }, () => 0.1), rounded: 1 },
    { values: [1e16, 1, -1e16], rounded: 1 },
    { values: [1, 2 ** -53, 5e-324], rounded: 1 + 2 ** -52 },
    { values: [1, 2 ** -53, -5e-324], rounded: 1 },
    { values: [1, 2 ** -53], rounded: 1 },
    { values: [5e-324, 5e-324], rounded: 1e-323 },
  ])('rounds the sum of $values to $rounded', ({ values, rounded }) => {
    expect(roundExact(sumOf(values))).toBe(rounded)
  })

  it('holds exactly what was added, and rounds it once', () => {
    const agrees = (list: readonly number[]): void => {
      const sum = sumOf(list)
      expect(unitsOf(sum)).toBe(unitsOf(list))
      expect(roundExact(sum)).toBe(fromUnits(unitsOf(list)))
    }
    fc.assert(fc.property(values, agrees), { numRuns: 2_000 })
  })

  it('is the same sum however it was merged', () => {
    const agrees = (a: readonly number[], b: readonly number[]): void => {
      const merged = sumOf(a)
      mergeExact(merged, sumOf(b))
      expect(unitsOf(merged)).toBe(unitsOf(a) + unitsOf(b))
    }
    fc.assert(fc.property(values, values, agrees), { numRuns: 1_000 })
  })

  it.each([1, 2, 3, 26, 27, 53, 54])('stays short when magnitudes rise by 2^%d', (step) => {
    const list = Array.from({ length: Math.floor(2037 / step) }, (_, i) => (i % 3 ? 1 : -1) * 2 ** (i * step - 1074))
    const sum: ExactSum = []
    for (const value of list) {
      addExact(sum, value)
      expect(sum.length).toBeLessThanOrEqual(MAX_SUM_PARTS)
    }
    expect(unitsOf(sum)).toBe(unitsOf(list))
  })

  it('stays short for thousands of values of any magnitude', () => {
    const agrees = (list: readonly number[]): void => {
      const sum = sumOf(list)
      expect(sum.length).toBeLessThanOrEqual(MAX_SUM_PARTS)
      expect(unitsOf(sum)).toBe(unitsOf(list))
    }
    const power = fc.integer({ min: -1074, max: 962 }).map((exponent) => 2 ** exponent)
    const signed = fc.tuple(power, fc.constantFrom(1, -1)).map(([value, sign]) => value * sign)
    fc.assert(fc.property(fc.array(signed, { minLength: 500, maxLength: 2_000 }), agrees), { numRuns: 50 })
  })

  it('takes units for doubles and back', () => {
    const agrees = (value: number): void => {
      expect(fromUnits(toUnits(value))).toBe(value === 0 ? 0 : value)
    }
    fc.assert(fc.property(anyValue, agrees))
  })
})
