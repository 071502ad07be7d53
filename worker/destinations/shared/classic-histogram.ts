import { finestIndex } from '../../../src/protocol/histogram.ts'
import { MAX_SCALE } from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'

/** 2^-10 to 2^6: a millisecond to a minute. Bucket bounds of every scale from 0 up fall on it, so the counts are exact. */
export const DEFAULT_BOUNDS: readonly number[] = Array.from({ length: 17 }, (_, i) => 2 ** (i - 10))

/**
 * Cumulative counts of the classic buckets: one for each of `bounds`, then +Inf.
 *
 * A bound inside an exponential bucket counts the whole bucket, as if `le` were moved up to its end. So a value at or below `le`
 * is always counted, a positive power of two is exact from scale 0 up, and a total never falls when the scale is lowered:
 * rounding to the nearer end would let it fall, which Prometheus takes for a restart and counts everything again.
 * @param bounds finite and ascending
 */
export function classicCounts(histogram: Histogram, bounds: readonly number[]): number[] {
  const counts: number[] = Array.from({ length: bounds.length + 1 }, () => 0)
  const shift = MAX_SCALE - histogram.scale
  const edges = bounds.map((bound) => (bound === 0 ? 0 : finestIndex(Math.abs(bound)) >> shift))
  const add = (isBelow: (bound: number, edge: number) => boolean, count: number): void => {
    let slot = 0
    while (slot < bounds.length && !isBelow(bounds[slot]!, edges[slot]!)) slot++
    counts[slot]! += count
  }
  for (const [index, count] of histogram.positive) add((bound, edge) => bound > 0 && index <= edge, count)
  for (const [index, count] of histogram.negative) add((bound, edge) => bound >= 0 || index >= edge, count)
  if (histogram.zero > 0) add((bound) => bound >= 0, histogram.zero)
  for (let slot = 1; slot < counts.length; slot++) counts[slot]! += counts[slot - 1]!
  return counts
}
