import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRunningHistogram,
  histogramOf as takeHistogram,
  observeValue,
} from '../../../src/metrics/running-histogram.ts'
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
