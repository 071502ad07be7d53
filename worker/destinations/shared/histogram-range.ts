import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf, upperBound } from '../../../src/protocol/histogram.ts'
import { MAX_VALUE } from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'

export interface Range {
  readonly min: number
  readonly max: number
}

/**
 * Between which values all observations lie, for backends that ask for a minimum and a maximum: the bounds of the outermost
 * buckets, so at most one bucket too wide; exact for a lone observation and for zeros. Always finite, and the mean lies between.
 * @returns undefined for no observations
 */
export function rangeOf(histogram: Histogram): Range | undefined {
  const count = countOf(histogram)
  if (count === 0) return undefined
  const mean = roundExact(histogram.sum) / count
  if (count === 1) return { min: mean, max: mean }
  const { scale, zero, positive, negative } = histogram
  const bounds = [
    ...(zero > 0 ? [0] : []),
    ...magnitudes(positive, scale),
    ...magnitudes(negative, scale).map((magnitude) => -magnitude),
  ]
  // Rounding puts a bound, and a mean, up to half a unit in the last place to the wrong side.
  return { min: Math.min(mean, ...bounds), max: Math.max(mean, ...bounds) }
}

/** The outer bounds of some buckets. At a coarse scale the last one ends beyond what a double can hold. */
function magnitudes(buckets: ReadonlyMap<number, number>, scale: number): number[] {
  if (buckets.size === 0) return []
  let [lowest, highest] = [Infinity, -Infinity]
  for (const index of buckets.keys()) {
    lowest = Math.min(lowest, index)
    highest = Math.max(highest, index)
  }
  return [upperBound(lowest - 1, scale), upperBound(highest, scale)].map((bound) => Math.min(bound, MAX_VALUE))
}
