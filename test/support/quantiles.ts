/** What a quantile may be, by how a receiver keeps a histogram; from the observations themselves. */

/** The q-quantile lies between these two observations, whichever way its rank is rounded. */
export function quantileRange(values: readonly number[], q: number): readonly [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = q * sorted.length
  const at = (index: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, index))]!
  return [at(Math.ceil(rank) - 2), at(Math.floor(rank) + 1)]
}

/** Growth from one bound to the next of a base-2 exponential histogram (OpenTelemetry data model, "ExponentialHistogram"). */
export const baseOf = (scale: number): number => 2 ** (2 ** -scale)

/** Growth from one key to the next of Datadog's sketch (facts of the Datadog Agent: 1 + 2/128). */
export const SKETCH_GAMMA = 1.015625

/** The value of a sketch key (bias 1338). */
export const sketchValue = (key: number): number => (key === 0 ? 0 : SKETCH_GAMMA ** (key - 1_338))

/** As Prometheus computes it from classic buckets: linear between the bounds. @param buckets cumulative, ascending, the last one +Inf */
export function classicQuantile(buckets: readonly (readonly [le: number, count: number])[], q: number): number {
  const rank = q * buckets.at(-1)![1]
  const slot = buckets.findIndex(([, count]) => count >= rank)
  const [low, below] = buckets[slot - 1] ?? [0, 0]
  const [high, count] = buckets[slot]!
  return high === Infinity ? low : low + ((high - low) * (rank - below)) / (count - below)
}

/** From bins that hold a value each. */
export function binQuantile(bins: readonly (readonly [value: number, count: number])[], q: number): number {
  const sorted = [...bins].sort(([a], [b]) => a - b)
  let missing = Math.max(1, Math.ceil(q * sorted.reduce((sum, [, count]) => sum + count, 0)))
  return sorted.find(([, count]) => (missing -= count) <= 0)![0]
}
