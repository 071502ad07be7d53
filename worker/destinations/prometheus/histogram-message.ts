import type { BucketSpan, NativeBuckets, NativeHistogram } from './native-histogram.ts'

/** The protobuf message `Histogram` of remote-write, 1.0 and 2.0 alike. */
export interface HistogramMessage {
  readonly count_int?: number
  readonly count_float?: number
  readonly sum: number
  readonly schema: number
  readonly zero_threshold: number
  readonly zero_count_int?: number
  readonly zero_count_float?: number
  readonly negative_spans: readonly BucketSpan[]
  readonly negative_deltas?: readonly number[]
  readonly negative_counts?: readonly number[]
  readonly positive_spans: readonly BucketSpan[]
  readonly positive_deltas?: readonly number[]
  readonly positive_counts?: readonly number[]
  readonly timestamp: number
  /** 2.0 only. */
  readonly start_timestamp: number
}

/**
 * Counts beyond do not fit the encoding in whole numbers: a double cannot hold twice a count, which zigzag needs. Receivers check
 * that whole numbers add up, and answer 500 where they do not, which would be retried for ever.
 */
const MAX_WHOLE_COUNT = 2 ** 51

export function histogramMessage(histogram: NativeHistogram, timestamp: number, startMs: number): HistogramMessage {
  const { schema, zeroThreshold, zeroCount, count, sum, positive, negative } = histogram
  const common = {
    sum,
    schema,
    zero_threshold: zeroThreshold,
    positive_spans: positive.spans,
    negative_spans: negative.spans,
    timestamp,
    start_timestamp: startMs,
  }
  if (count <= MAX_WHOLE_COUNT)
    return {
      ...common,
      count_int: count,
      zero_count_int: zeroCount,
      positive_deltas: deltasOf(positive),
      negative_deltas: deltasOf(negative),
    }
  return {
    ...common,
    count_float: count,
    zero_count_float: zeroCount,
    positive_counts: positive.counts,
    negative_counts: negative.counts,
  }
}

const deltasOf = ({ counts }: NativeBuckets): number[] => counts.map((count, i) => count - (counts[i - 1] ?? 0))

/** An upper bound of what the message takes, bytes. */
export const maxHistogramBytes = ({ positive, negative }: NativeHistogram): number =>
  100 + 24 * (positive.counts.length + negative.counts.length)
