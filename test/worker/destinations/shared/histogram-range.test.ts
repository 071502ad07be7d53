import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundExact } from '../../../../src/protocol/exact-sum.ts'
import { lowerScale } from '../../../../src/protocol/histogram.ts'
import { MAX_VALUE } from '../../../../src/protocol/limits.ts'
import { rangeOf } from '../../../../worker/destinations/shared/histogram-range.ts'
import { histogramOf } from '../../../support/arbitraries.ts'

describe('rangeOf', () => {
  it.each([
    ['nothing', [], undefined],
    ['a lone value', [0.1], { min: 0.1, max: 0.1 }],
    ['a lone negative value', [-0.1], { min: -0.1, max: -0.1 }],
    ['zeros', [0, 0], { min: 0, max: 0 }],
    ['powers of two', [1, 2, 4], { min: 2 ** (-1 / 256), max: 4 }],
    ['both signs', [-4, 2], { min: -4, max: 2 }],
    ['negative values', [-4, -2], { min: -4, max: -(2 ** (1 - 1 / 256)) }],
    ['negative values and zero', [-4, 0], { min: -4, max: 0 }],
  ])('%s', (_what, values, range) => {
    expect(rangeOf(histogramOf(values))).toEqual(range)
  })

  it('is finite where the last bucket is not', () => {
    const histogram = histogramOf([MAX_VALUE, -MAX_VALUE, MAX_VALUE, 1])
    lowerScale(histogram, -4)
    expect(rangeOf(histogram)).toEqual({ min: -MAX_VALUE, max: MAX_VALUE })
  })

  it('holds all values, is at most a bucket too wide, and has the mean inside', () => {
    const positive = fc.double({ min: 1e-300, max: MAX_VALUE, noNaN: true })
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = histogramOf(values)
        const { min, max } = rangeOf(histogram)!
        const near = 1 + 2 ** -45
        const bucket = 2 ** (2 ** -histogram.scale) * near
        const [lowest, highest] = [Math.min(...values), Math.max(...values)]
        expect(min).toBeLessThanOrEqual(lowest * near)
        expect(min).toBeGreaterThanOrEqual(lowest / bucket)
        expect(max).toBeGreaterThanOrEqual(highest / near)
        expect(max).toBeLessThanOrEqual(highest * bucket)
        const mean = roundExact(histogram.sum) / values.length
        expect([min, mean, max].toSorted((a, b) => a - b)).toEqual([min, mean, max])
        expect(rangeOf(histogramOf(values.map((value) => -value)))).toEqual({ min: -max, max: -min })
      }),
    )
  })
})
