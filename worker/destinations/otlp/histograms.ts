import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import { MAX_BUCKETS } from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { classicCounts } from '../shared/classic-histogram.ts'
import { ZERO_THRESHOLD } from '../shared/zero-threshold.ts'
import type { Buckets, ExplicitHistogram, ExponentialHistogram } from './messages.ts'

/**
 * A sparse histogram as OTLP has it, with every bucket from the first filled one to the last. The scale is lowered until they
 * are at most MAX_BUCKETS a sign, as the OpenTelemetry SDK does: two values far apart would be a hundred thousand buckets.
 * All doubles fit at scale -3, and those coarser than -4 Prometheus refuses. Values up to the zero threshold are zeros. The sum is
 * there with negative values too, though it can fall then: without it VictoriaMetrics stores no buckets.
 * Source: opentelemetry-proto, ExponentialHistogramDataPoint.
 */
export function exponentialHistogram(histogram: Histogram): ExponentialHistogram {
  const count = countOf(histogram)
  const first = Math.log2(ZERO_THRESHOLD) * 2 ** histogram.scale
  const positive = filledFrom(first, histogram.positive)
  const negative = filledFrom(first, histogram.negative)
  let shift = 0
  while (spanAt(positive, shift) > MAX_BUCKETS || spanAt(negative, shift) > MAX_BUCKETS) shift++
  return {
    count,
    sum: roundExact(histogram.sum),
    scale: histogram.scale - shift,
    zero_count: count - positive.count - negative.count,
    zero_threshold: ZERO_THRESHOLD,
    ...(positive.count > 0 ? { positive: denseBuckets(positive, shift) } : {}),
    ...(negative.count > 0 ? { negative: denseBuckets(negative, shift) } : {}),
  }
}

/** The same with the buckets of Prometheus. There each counts all values up to its bound, here only its own. */
export function explicitHistogram(histogram: Histogram, bounds: readonly number[]): ExplicitHistogram {
  const cumulative = classicCounts(histogram, bounds)
  return {
    count: cumulative.at(-1)!,
    sum: roundExact(histogram.sum),
    bucket_counts: cumulative.map((count, slot) => count - (cumulative[slot - 1] ?? 0)),
    explicit_bounds: bounds,
  }
}

/** The filled buckets of one sign. */
interface Filled {
  readonly buckets: readonly (readonly [index: number, count: number])[]
  readonly count: number
  readonly first: number
  readonly last: number
}

function filledFrom(lowest: number, all: ReadonlyMap<number, number>): Filled {
  const buckets = [...all].filter(([index]) => index >= lowest)
  let count = 0
  let first = Infinity
  let last = -Infinity
  for (const [index, n] of buckets) {
    count += n
    first = Math.min(first, index)
    last = Math.max(last, index)
  }
  return { buckets, count, first, last }
}

const spanAt = ({ count, first, last }: Filled, shift: number): number =>
  count === 0 ? 0 : (last >> shift) - (first >> shift) + 1

function denseBuckets({ buckets, first, last }: Filled, shift: number): Buckets {
  const offset = first >> shift
  const counts: number[] = Array.from({ length: (last >> shift) - offset + 1 }, () => 0)
  for (const [index, count] of buckets) counts[(index >> shift) - offset]! += count
  return { offset, bucket_counts: counts }
}
