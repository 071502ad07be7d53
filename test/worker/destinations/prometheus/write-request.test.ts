import { describe, expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../../src/protocol/histogram.ts'
import type { Label } from '../../../../worker/destinations/prometheus/labels.ts'
import { nativeHistogram, type NativeHistogram } from '../../../../worker/destinations/prometheus/native-histogram.ts'
import { STALE_MARKER } from '../../../../worker/destinations/prometheus/stale-marker.ts'
import type { TimeSeries } from '../../../../worker/destinations/prometheus/time-series.ts'
import { REMOTE_WRITE_1 } from '../../../../worker/destinations/prometheus/write-request.ts'
import { REMOTE_WRITE_2 } from '../../../../worker/destinations/prometheus/write-request-2.ts'
import { decodeSnappy } from '../../../support/decode-snappy.ts'

const seriesOf = (value: TimeSeries['value'], labels: readonly Label[] = [{ name: '__name__', value: 'a' }]) => ({
  labels,
  value,
  timestampMs: 1_700_000_000_000,
  startMs: 1_600_000_000_000,
  family: { kind: 'counter', help: 'Hilfe €'.repeat(20), unit: 'seconds' } as const,
})

// Far apart, so that each bucket has a span of its own; counts that take many bytes.
function sparse(): NativeHistogram {
  const histogram = createHistogram()
  for (let i = -160; i < 160; i++) recordValue(histogram, 1.9 ** i * (i % 2 || 1))
  for (const buckets of [histogram.positive, histogram.negative])
    for (const index of buckets.keys()) buckets.set(index, 2 ** 43 - index)
  return nativeHistogram(histogram)
}

describe.each([REMOTE_WRITE_1, REMOTE_WRITE_2])('$name', ({ encode, maxSeriesBytes }) => {
  const bytesOf = (series: TimeSeries): string => Array.from(decodeSnappy(encode([series]))).join()

  it('writes the stale marker bit for bit on this engine', () => {
    expect(bytesOf(seriesOf(STALE_MARKER))).toContain([0x09, 0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f].join())
    const stale = { ...sparse(), sum: STALE_MARKER }
    expect(bytesOf(seriesOf(stale))).toContain([0x19, 0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f].join())
  })

  it('writes a zero, not nothing: some decoders tell them apart', () => {
    expect(bytesOf(seriesOf(0))).toContain([0x09, 0, 0, 0, 0, 0, 0, 0, 0].join())
  })

  it.each<[string, TimeSeries]>([
    ['short labels', seriesOf(1 / 3, [{ name: 'a', value: 'b' }])],
    ['many bytes a character', seriesOf(1 / 3, [{ name: 'a'.repeat(128), value: '€'.repeat(128) }])],
    ['pairs', seriesOf(1 / 3, [{ name: 'a', value: '😀'.repeat(64) }])],
    ['many', seriesOf(1 / 3, manyLabels())],
    ['a histogram of few values', seriesOf({ ...sparse(), positive: { spans: [], counts: [] } }, manyLabels())],
    ['a histogram of many buckets', seriesOf(sparse())],
  ])('knows a bound of the bytes for %s', (_what, series) => {
    expect(decodeSnappy(encode([series])).length).toBeLessThanOrEqual(maxSeriesBytes(series))
  })
})

function manyLabels(): Label[] {
  return Array.from({ length: 30 }, (_, i) => ({ name: `label${i}`, value: '€'.repeat(i) }))
}
