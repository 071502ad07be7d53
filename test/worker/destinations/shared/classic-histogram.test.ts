import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, lowerScale, recordValue } from '../../../../src/protocol/histogram.ts'
import { MIN_SCALE } from '../../../../src/protocol/limits.ts'
import type { Histogram } from '../../../../src/protocol/types.ts'
import { classicCounts, DEFAULT_BOUNDS } from '../../../../worker/destinations/shared/classic-histogram.ts'

const histogramOf = (values: readonly number[]): Histogram => {
  const histogram = createHistogram()
  for (const value of values) recordValue(histogram, value)
  return histogram
}

const counted = (values: readonly number[], bounds: readonly number[]): number[] => [
  ...bounds.map((bound) => values.filter((value) => value <= bound).length),
  values.length,
]

const everyday = fc.oneof(
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.integer({ min: -12, max: 8 }).map((exponent) => 2 ** exponent),
  fc.constantFrom(0, -0, 1 + 2 ** -52, 1 - 2 ** -53, 5e-324),
)
const anyBounds = fc
  .uniqueArray(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 8 })
  .map((bounds) => bounds.toSorted((a, b) => a - b))

describe('classicCounts', () => {
  it('has the power-of-two grid by default', () => {
    expect(DEFAULT_BOUNDS).toHaveLength(17)
    expect([DEFAULT_BOUNDS[0], DEFAULT_BOUNDS[10], DEFAULT_BOUNDS.at(-1)]).toEqual([2 ** -10, 1, 64])
  })

  it.each<[string, number[], number[], number[]]>([
    ['nothing', [], [1, 2], [0, 0, 0]],
    ['values on the bounds', [0.5, 1, 2, 4], [0.5, 1, 2], [1, 2, 3, 4]],
    ['values just above', [1 + 2 ** -52], [0.5, 1, 2], [0, 0, 1, 1]],
    ['zero', [0], [-1, 0, 1], [0, 1, 1, 1]],
    ['negative values', [-3, -1.5, -0.25, 2], [-2, -1, 0, 1], [1, 2, 3, 3, 4]],
    ['values beyond', [1e290, -1e290, 5e-324], [-1, 1], [1, 2, 3]],
    ['no bounds', [1, 2], [], [2]],
  ])('%s', (...[, values, bounds, expected]) => {
    expect(classicCounts(histogramOf(values), bounds)).toEqual(expected)
  })

  it('is exact on the default grid, at every scale from 0 up', () => {
    fc.assert(
      fc.property(fc.array(everyday, { maxLength: 300 }), fc.integer({ min: 0, max: 8 }), (values, scale) => {
        const histogram = histogramOf(values)
        lowerScale(histogram, scale)
        expect(classicCounts(histogram, DEFAULT_BOUNDS)).toEqual(counted(values, DEFAULT_BOUNDS))
      }),
    )
  })

  it('never misses a value, and counts none beyond the end of the bucket of the bound', () => {
    fc.assert(
      fc.property(fc.array(everyday), anyBounds, (values, bounds) => {
        const histogram = histogramOf(values)
        const base = 2 ** (2 ** -histogram.scale)
        const slack = bounds.map((bound) => (bound > 0 ? bound * base : bound / base) + Number.MIN_VALUE)
        const counts = classicCounts(histogram, bounds)
        const atLeast = counted(values, bounds)
        const atMost = counted(values, slack)
        for (const [i, count] of counts.entries()) {
          expect(count).toBeGreaterThanOrEqual(atLeast[i]!)
          expect(count).toBeLessThanOrEqual(atMost[i]!)
        }
      }),
    )
  })

  it('never falls when values are added, whatever the bounds: a fall would be taken for a restart', () => {
    const spread = fc.oneof(everyday, fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
    fc.assert(
      fc.property(fc.array(spread, { minLength: 200, maxLength: 400 }), anyBounds, (values, bounds) => {
        const histogram = createHistogram()
        let before = classicCounts(histogram, bounds)
        for (const value of values) {
          recordValue(histogram, value)
          const after = classicCounts(histogram, bounds)
          expect(after.every((count, i) => count >= before[i]!)).toBe(true)
          before = after
        }
      }),
      { numRuns: 20 },
    )
  })

  it('never falls when the scale is lowered, down to the coarsest', () => {
    fc.assert(
      fc.property(fc.array(everyday), anyBounds, (values, bounds) => {
        const histogram = histogramOf(values)
        for (let scale = 8; scale >= MIN_SCALE; scale--) {
          const before = classicCounts(histogram, bounds)
          lowerScale(histogram, scale)
          const after = classicCounts(histogram, bounds)
          expect(after.every((count, i) => count >= before[i]!)).toBe(true)
          expect(after.at(-1)).toBe(values.length)
        }
      }),
    )
  })
})
