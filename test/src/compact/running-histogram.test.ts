import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRunningHistogram,
  histogramOf as takeHistogram,
  observeValue,
} from '../../../src/compact/running-histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const take = (values: readonly number[]): Histogram => {
  const running = createRunningHistogram()
  for (const value of values) observeValue(running, value)
  return takeHistogram(running)
}

/** Everything but how the parts of the sum are cut. */
const comparable = ({ sum, ...rest }: Histogram): object => ({ ...rest, units: unitsOf(sum) })

describe('running histogram', () => {
  it('is what recordValue makes of the same values', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), (values) => {
        expect(comparable(take(values))).toEqual(comparable(histogramOf(values)))
      }),
    )
  })

  /** Values of as many buckets at the finest scale. */
  const spread = (buckets: number): number[] => Array.from({ length: buckets }, (_, i) => 1.0028 ** (i * 1.5 - 90))

  it.each<[what: string, values: readonly number[], scale: number]>([
    ['as many buckets as fit', spread(160), 8],
    ['one bucket too many', spread(161), 7],
    ['one too many below zero', spread(161).map((value) => -value), 7],
    ['as many as fit on either side', spread(160).flatMap((value) => [value, -value]), 8],
    ['too many above zero, a few below', [-1, -1.003, 0, ...spread(161), -1], 7],
    ['counts from before and after', [...spread(100), ...spread(161), ...spread(161), ...spread(50)], 7],
    ['both signs, far apart', Array.from({ length: 2_000 }, (_, i) => (i % 3 ? 1 : -1) * 1.009 ** i), 2],
    ['from the smallest to the largest', [...spread(161), 5e-324, 1e290, -5e-324, -1e290], 7],
  ])('has the scale of recordValue: %s', (_, values, scale) => {
    const histogram = take(values)
    expect(comparable(histogram)).toEqual(comparable(histogramOf(values)))
    expect(histogram.scale).toBe(scale)
  })

  it('lowers its scale as recordValue does, whatever comes', () => {
    const wide = fc.array(anyValue, { minLength: 150, maxLength: 400 })
    fc.assert(
      fc.property(wide, (values) => {
        expect(comparable(take(values))).toEqual(comparable(histogramOf(values)))
      }),
      { numRuns: 30 },
    )
  })

  it.each([NaN, Infinity, -Infinity, 1e291])('refuses %s and stays empty', (value) => {
    const running = createRunningHistogram()
    expect(observeValue(running, value)).toBe(false)
    expect(comparable(takeHistogram(running))).toEqual(comparable(histogramOf([])))
  })
})
