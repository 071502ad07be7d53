import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, lowerScale, recordValue } from '../../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../../src/protocol/types.ts'
import {
  emptied,
  nativeHistogram,
  type NativeBuckets,
} from '../../../../worker/destinations/prometheus/native-histogram.ts'

function histogramOf(values: readonly number[], scale = 8): Histogram {
  const histogram = createHistogram()
  for (const value of values) recordValue(histogram, value)
  lowerScale(histogram, scale)
  return histogram
}

/** Bounds and counts, with the index as Prometheus reads it. */
function boundsOf({ spans, counts }: NativeBuckets, schema: number): [lower: number, upper: number, count: number][] {
  let index = 0
  let at = 0
  return spans.flatMap(({ offset, length }) => {
    index += offset
    return Array.from({ length }, () => {
      const base = 2 ** -schema
      const bucket = [2 ** ((index - 1) * base), 2 ** (index * base), counts[at]!] as [number, number, number]
      index++
      at++
      return bucket
    })
  })
}

describe('nativeHistogram', () => {
  it('moves the index by one: a value is in the bucket whose upper bound it is', () => {
    const native = nativeHistogram(histogramOf([1, 2, 2, 4, 5, 32], 0))
    expect(native).toEqual({
      schema: 0,
      zeroThreshold: 2.938735877055719e-39,
      zeroCount: 0,
      count: 6,
      sum: 46,
      positive: {
        spans: [
          { offset: 0, length: 4 },
          { offset: 1, length: 1 },
        ],
        counts: [1, 2, 1, 1, 1],
      },
      negative: { spans: [], counts: [] },
    })
  })

  it('has every value in a bucket that holds it, and none twice', () => {
    const value = fc.double({ min: -1e290, max: 1e290, noNaN: true })
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: -4, max: 8 }), (values, scale) => {
        const { count, zeroCount, zeroThreshold, schema, positive, negative } = nativeHistogram(
          histogramOf(values, scale),
        )
        // The bounds are rounded here, not in the histogram.
        const inside = ([lower, upper]: readonly number[], value: number): boolean =>
          value > lower! * (1 - 1e-12) && value <= upper! * (1 + 1e-12)
        for (const [buckets, sign] of [[positive, 1] as const, [negative, -1] as const])
          for (const bucket of boundsOf(buckets, schema)) {
            expect(bucket[2]).toBeGreaterThan(0)
            expect(values.filter((value) => inside(bucket, sign * value)).length).toBeGreaterThanOrEqual(bucket[2])
          }
        const all = [...positive.counts, ...negative.counts].reduce((sum, n) => sum + n, 0)
        expect(count).toBe(values.length)
        expect(zeroCount + all).toBe(count)
        expect(zeroCount).toBe(values.filter((value) => Math.abs(value) <= zeroThreshold).length)
      }),
    )
  })

  it.each([8, 3, 0, -4])('counts what is not above the threshold as zero, at schema %i', (scale) => {
    const at = 2 ** -128
    const { zeroCount, positive, negative } = nativeHistogram(histogramOf([0, 5e-324, at, -at, at * 1.5, -1], scale))
    expect(zeroCount).toBe(4)
    expect(positive.counts).toEqual([1])
    expect(negative.counts).toEqual([1])
  })

  it('leaves what it was given as it was', () => {
    const histogram = histogramOf([1, 1e-40])
    nativeHistogram(histogram)
    expect(histogram).toEqual(histogramOf([1, 1e-40]))
  })

  it('has a zero of the same kind', () => {
    expect(emptied(nativeHistogram(histogramOf([1, -3, 0], 5)))).toEqual({
      schema: 5,
      zeroThreshold: 2 ** -128,
      zeroCount: 0,
      count: 0,
      sum: 0,
      positive: { spans: [], counts: [] },
      negative: { spans: [], counts: [] },
    })
  })
})
