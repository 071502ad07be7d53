import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { ZERO_THRESHOLD } from '../shared/zero-threshold.ts'

/** Buckets that lie side by side. */
export interface BucketSpan {
  /** The index of its first bucket; after another span, how many buckets lie between the two. */
  readonly offset: number
  readonly length: number
}

/** The buckets of one sign. */
export interface NativeBuckets {
  readonly spans: readonly BucketSpan[]
  /** One for each bucket of the spans. */
  readonly counts: readonly number[]
}

/**
 * A histogram as Prometheus keeps it: bucket `i` holds the values in (base^(i-1), base^i] with base = 2^(2^-schema), so its index is
 * one more than ours. Source: Prometheus, "Native Histograms" specification, "Data model".
 */
export interface NativeHistogram {
  readonly schema: number
  readonly zeroThreshold: number
  /** Of the values from -zeroThreshold to zeroThreshold. */
  readonly zeroCount: number
  /** zeroCount and all buckets: receivers refuse a histogram that does not add up. */
  readonly count: number
  readonly sum: number
  readonly positive: NativeBuckets
  readonly negative: NativeBuckets
}

const NO_BUCKETS: NativeBuckets = { spans: [], counts: [] }

/** Ends the series when it is sent with a stale marker for its sum. */
export const EMPTY_HISTOGRAM: NativeHistogram = {
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  count: 0,
  sum: 0,
  positive: NO_BUCKETS,
  negative: NO_BUCKETS,
}

/** @param histogram its scale is a schema of Prometheus: from MIN_SCALE, -4, to MAX_SCALE, 8 */
export function nativeHistogram(histogram: Histogram): NativeHistogram {
  const { scale, zero, positive, negative, sum } = histogram
  // Buckets wholly at or below the threshold: their last value is base^(index + 1).
  const isTiny = (index: number): boolean => (index + 1) * 2 ** -scale <= -128
  const tiny = [...positive, ...negative].reduce((total, [index, count]) => total + (isTiny(index) ? count : 0), 0)
  const bucketsOf = (buckets: ReadonlyMap<number, number>): NativeBuckets =>
    inSpans([...buckets].filter(([index]) => !isTiny(index)).sort(([a], [b]) => a - b))
  return {
    schema: scale,
    zeroThreshold: ZERO_THRESHOLD,
    zeroCount: zero + tiny,
    count: countOf(histogram),
    sum: roundExact(sum),
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
  }
}

/** The zero of a histogram: the same buckets, with nothing in them. */
export const emptied = ({ schema, zeroThreshold }: NativeHistogram): NativeHistogram => ({
  ...EMPTY_HISTOGRAM,
  schema,
  zeroThreshold,
})

function inSpans(buckets: readonly (readonly [index: number, count: number])[]): NativeBuckets {
  const spans: { offset: number; length: number }[] = []
  let next = 0
  for (const [index] of buckets) {
    const last = spans.at(-1)
    const native = index + 1
    if (last && native === next) last.length++
    else spans.push({ offset: native - next, length: 1 })
    next = native + 1
  }
  return { spans, counts: buckets.map(([, count]) => count) }
}
