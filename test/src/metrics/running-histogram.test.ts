import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRunningHistogram, observeValue, takeHistogram } from '../../../src/metrics/running-histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const take = (values: readonly number[], running = createRunningHistogram()): Histogram => {
  for (const value of values) observeValue(running, value)
  return takeHistogram(running)
}

/** Everything but how the parts of the sum are cut. */
const comparable = ({ sum, ...rest }: Histogram): object => ({ ...rest, units: unitsOf(sum) })

describe('running histogram', () => {
  it('is what recordValue makes of the same values, window after window', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), fc.array(anyValue, { maxLength: 60 }), (first, second) => {
        const running = createRunningHistogram()
        expect(comparable(take(first, running))).toEqual(comparable(histogramOf(first)))
        expect(comparable(take(second, running))).toEqual(comparable(histogramOf(second)))
      }),
    )
  })

  it('lowers its scale as recordValue does', () => {
    const spread = Array.from({ length: 2_000 }, (_, i) => (i % 3 ? 1 : -1) * 1.009 ** i)
    const histogram = take(spread)
    expect(comparable(histogram)).toEqual(comparable(histogramOf(spread)))
    expect(histogram.scale).toBeLessThan(8)
  })

  it.each([NaN, Infinity, -Infinity, 1e291])('refuses %s and stays empty', (value) => {
    const running = createRunningHistogram()
    expect(observeValue(running, value)).toBe(false)
    expect(comparable(takeHistogram(running))).toEqual(comparable(histogramOf([])))
  })
})
