import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogramMessage, maxHistogramBytes } from '../../../../worker/destinations/prometheus/histogram-message.ts'
import { nativeHistogram, type NativeHistogram } from '../../../../worker/destinations/prometheus/native-histogram.ts'
import { writeWriteRequest } from '../../../../worker/destinations/prometheus/remote-write.generated.js'
import { createSampleWriter } from '../../../../worker/destinations/prometheus/stale-marker.ts'
import { anyValue, histogramOf } from '../../../support/arbitraries.ts'

const WHOLE = 2 ** 51

const withCounts = (counts: readonly number[], zeroCount = 0): NativeHistogram => ({
  ...nativeHistogram(histogramOf([])),
  positive: { spans: [{ offset: 0, length: counts.length }], counts },
  zeroCount,
  count: zeroCount + counts.reduce((sum, count) => sum + count, 0),
})

describe('histogramMessage', () => {
  it('has whole numbers, each count as the difference to the one before', () => {
    const native = { ...withCounts([3, 1, 5, 5], 2), negative: { spans: [{ offset: -4, length: 1 }], counts: [7] } }
    expect(histogramMessage({ ...native, count: 23, sum: -1.5 }, 20_000, 1_000)).toEqual({
      sum: -1.5,
      schema: 8,
      zero_threshold: 2 ** -128,
      count_int: 23,
      zero_count_int: 2,
      positive_spans: [{ offset: 0, length: 4 }],
      positive_deltas: [3, -2, 4, 0],
      negative_spans: [{ offset: -4, length: 1 }],
      negative_deltas: [7],
      timestamp: 20_000,
      start_timestamp: 1_000,
    })
  })

  it.each([
    [WHOLE, 'count_int'],
    [WHOLE + 1, 'count_float'],
    [2 ** 53 - 1, 'count_float'],
  ])('of %d observations has a %s', (count, field) => {
    const message = histogramMessage(withCounts([count - 1, 1]), 1, 0)
    expect(message).toHaveProperty(field, count)
    expect(Object.keys(message).filter((key) => /^(count|zero_count|positive_(deltas|counts))/.test(key))).toHaveLength(
      3,
    )
    expect(message.positive_counts ?? message.positive_deltas).toEqual(
      field === 'count_float' ? [count - 1, 1] : [count - 1, 2 - count],
    )
  })

  it('loses no count: the differences add up to them', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 2 ** 44 }), { maxLength: 60 })
    fc.assert(
      fc.property(counts, (all) => {
        let before = 0
        const read = histogramMessage(withCounts(all), 1, 0).positive_deltas!.map((delta) => (before += delta))
        expect(read).toEqual(all)
      }),
    )
  })
})

it('maxHistogramBytes is not below what the message takes', () => {
  const bytesOf = (native: NativeHistogram): number => {
    const writer = createSampleWriter()
    const histograms = [histogramMessage(native, 1_700_000_000_000, 1_600_000_000_000)]
    writeWriteRequest({ timeseries: [{ labels: [], histograms }] }, writer)
    return writer.finish().length
  }
  const scaled = fc.tuple(fc.array(anyValue, { maxLength: 100, size: 'max' }), fc.constantFrom(1, 2 ** 20, 2 ** 45))
  fc.assert(
    fc.property(scaled, ([values, times]) => {
      const histogram = histogramOf(values)
      for (const buckets of [histogram.positive, histogram.negative])
        for (const [index, count] of buckets) buckets.set(index, count * times)
      const native = nativeHistogram(histogram)
      expect(bytesOf(native)).toBeLessThanOrEqual(maxHistogramBytes(native))
    }),
  )
})
