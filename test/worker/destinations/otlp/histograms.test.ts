import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../../src/protocol/types.ts'
import { explicitHistogram, exponentialHistogram } from '../../../../worker/destinations/otlp/histograms.ts'

function histogramOf(values: readonly number[]): Histogram {
  const histogram = createHistogram()
  for (const value of values) recordValue(histogram, value)
  return histogram
}

const exponential = (...values: readonly number[]) => exponentialHistogram(histogramOf(values))

const anyMagnitude = fc.oneof(
  fc.double({ min: 1e-3, max: 60, noNaN: true }),
  fc.double({ min: 1e-35, max: 1e290, noNaN: true }),
  fc.constantFrom(2 ** -10, 1, 2, 1024),
)

const anyValue = fc.oneof(anyMagnitude, anyMagnitude, fc.constant(0)).chain((n) => fc.constantFrom(n, n, n, -n))

const anyValues = fc.array(anyValue, { minLength: 1, maxLength: 300 })

describe('exponentialHistogram', () => {
  it('has every bucket from the first to the last, empty ones too', () => {
    // At scale 8, 1 is the last value of bucket -1, and 2 ** (3 / 256) that of bucket 2.
    expect(exponential(1, 1, 2 ** (2.5 / 256))).toMatchObject({
      count: 3,
      scale: 8,
      zero_count: 0,
      positive: { offset: -1, bucket_counts: [2, 0, 0, 1] },
    })
  })

  it('has nothing for a sign without values', () => {
    expect(exponential(0, 0)).toEqual({ count: 2, sum: 0, scale: 8, zero_count: 2, zero_threshold: 2 ** -128 })
    expect(exponential(-1)).toMatchObject({ negative: { offset: -1, bucket_counts: [1] } })
    expect(exponential(-1)).not.toHaveProperty('positive')
  })

  it.each<[string, readonly number[], { readonly scale: number; readonly buckets: number }]>([
    ['an octave less 96 buckets', [1, 2 ** (159 / 256)], { scale: 8, buckets: 160 }],
    ['one bucket more', [1, 2 ** (160 / 256)], { scale: 7, buckets: 81 }],
    ['a millisecond and a minute', [0.001, 60], { scale: 3, buckets: 128 }],
    ['all there is', [2 ** -127.5, 1e290], { scale: -3, buckets: 137 }],
    ['negative values', [-1e-3, -1e3, 1, 1.5], { scale: 3, buckets: 160 }],
  ])('lowers the scale until the buckets fit: %s', (_what, values, { scale, buckets }) => {
    const { positive, negative, ...rest } = exponential(...values)
    expect(rest.scale).toBe(scale)
    expect((values[0]! < 0 ? negative : positive)?.bucket_counts).toHaveLength(buckets)
  })

  it('takes what is as good as zero for zero, so that it costs no precision', () => {
    const { scale, zero_count, positive } = exponential(5e-324, 2 ** -128, -1e-300, 1, 1.5)
    expect({ scale, zero_count }).toEqual({ scale: 8, zero_count: 3 })
    expect(positive!.bucket_counts.reduce((a, b) => a + b)).toBe(2)
    expect(exponential(2 ** -127.99).zero_count).toBe(0)
  })

  it('keeps the count, and the rank of every value within one bucket', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { count, scale, zero_count, positive, negative } = exponential(...values)
        expect(count).toBe(values.length)
        expect(scale).toBeGreaterThanOrEqual(-4)
        const boundOf = (index: number): number => 2 ** (index * 2 ** -scale)
        const ranges = [
          ...(negative?.bucket_counts ?? [])
            .map((n, i) => [-boundOf(negative!.offset + i + 1), -boundOf(negative!.offset + i), n] as const)
            .reverse(),
          [0, 0, zero_count] as const,
          ...(positive?.bucket_counts ?? []).map(
            (n, i) => [boundOf(positive!.offset + i), boundOf(positive!.offset + i + 1), n] as const,
          ),
        ]
        expect(ranges.length).toBeLessThanOrEqual(321)
        const sorted = values.toSorted((a, b) => a - b)
        for (const [from, to, n] of ranges)
          for (const value of sorted.splice(0, n)) {
            // The logarithm may miss the bound of a bucket by its last bits.
            expect(value).toBeGreaterThanOrEqual(from - Math.abs(from) * 1e-12)
            expect(value).toBeLessThanOrEqual(to + Math.abs(to) * 1e-12)
          }
        expect(sorted).toEqual([])
      }),
    )
  })

  it('leaves the histogram as it was', () => {
    const histogram = histogramOf([1e-9, 1, 1e9])
    exponentialHistogram(histogram)
    expect(histogram).toEqual(histogramOf([1e-9, 1, 1e9]))
  })
})

describe('explicitHistogram', () => {
  it('counts each value in one bucket, the bound included', () => {
    expect(explicitHistogram(histogramOf([-1, 0, 0.5, 1, 3, 9]), [0, 1, 4])).toEqual({
      count: 6,
      sum: 12.5,
      explicit_bounds: [0, 1, 4],
      bucket_counts: [2, 2, 1, 1],
    })
  })

  it('has one bucket without bounds', () => {
    expect(explicitHistogram(histogramOf([1, 2]), [])).toMatchObject({ bucket_counts: [2], explicit_bounds: [] })
  })

  it('adds up to the count', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { count, bucket_counts } = explicitHistogram(histogramOf(values), [-1, 0, 0.1, 1, 10])
        expect(count).toBe(values.length)
        expect(bucket_counts.reduce((a, b) => a + b)).toBe(count)
        expect(Math.min(...bucket_counts)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
