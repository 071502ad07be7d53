// Pure: no I/O, no clock, no randomness.
import { roundExact } from '../../src/protocol/exact-sum.ts'
import { countOf } from '../../src/protocol/histogram.ts'
import { MAX_BUCKETS } from '../../src/protocol/limits.ts'
import type { Histogram } from '../../src/protocol/types.ts'
import { classicCounts } from './classic-histogram.ts'
import type { Buckets, ExplicitHistogram, ExponentialHistogram } from './otlp-messages.ts'

/**
 * A sparse histogram as OTLP has it, with every bucket from the first filled one to the last. The scale is lowered until they
 * are at most MAX_BUCKETS a sign, as the OpenTelemetry SDK does: two values far apart would be a hundred thousand buckets.
 * All doubles fit at scale -4, and coarser ones Prometheus refuses. The sum is there with negative values too, though it can
 * fall then: VictoriaMetrics stores no buckets without it.
 * Source: opentelemetry-proto, ExponentialHistogramDataPoint.
 */
export function exponentialHistogram(histogram: Histogram): ExponentialHistogram {
  const { positive, negative, zero, sum } = histogram
  const spans = [spanOf(positive), spanOf(negative)]
  let shift = 0
  while (spans.some(({ first, last }) => (last >> shift) - (first >> shift) >= MAX_BUCKETS)) shift++
  return {
    count: countOf(histogram),
    sum: roundExact(sum),
    scale: histogram.scale - shift,
    zero_count: zero,
    ...(positive.size > 0 ? { positive: denseBuckets(positive, spans[0]!, shift) } : {}),
    ...(negative.size > 0 ? { negative: denseBuckets(negative, spans[1]!, shift) } : {}),
  }
}

/** The same with the buckets of Prometheus; each counts up to and with its bound there, and for itself here. */
export function explicitHistogram(histogram: Histogram, bounds: readonly number[]): ExplicitHistogram {
  const cumulative = classicCounts(histogram, bounds)
  return {
    count: cumulative.at(-1)!,
    sum: roundExact(histogram.sum),
    bucket_counts: cumulative.map((count, slot) => count - (cumulative[slot - 1] ?? 0)),
    explicit_bounds: bounds,
  }
}

interface Span {
  readonly first: number
  readonly last: number
}

function spanOf(buckets: ReadonlyMap<number, number>): Span {
  if (buckets.size === 0) return { first: 0, last: 0 }
  let first = Infinity
  let last = -Infinity
  for (const index of buckets.keys()) {
    if (index < first) first = index
    if (index > last) last = index
  }
  return { first, last }
}

function denseBuckets(buckets: ReadonlyMap<number, number>, { first, last }: Span, shift: number): Buckets {
  const offset = first >> shift
  const counts: number[] = Array.from({ length: (last >> shift) - offset + 1 }, () => 0)
  for (const [index, count] of buckets) counts[(index >> shift) - offset]! += count
  return { offset, bucket_counts: counts }
}
