import { addExact, mergeExact } from './exact-sum.ts'
import { MAX_BUCKETS, MAX_SCALE } from './limits.ts'
import type { Histogram } from './types.ts'

export const createHistogram = (): Histogram => ({
  scale: MAX_SCALE,
  zero: 0,
  positive: new Map(),
  negative: new Map(),
  sum: [],
})

/** Adds one observation. `value` must be finite and at most MAX_VALUE in magnitude. */
export function recordValue(histogram: Histogram, value: number): void {
  addExact(histogram.sum, value)
  countValue(histogram, value)
}

/** Adds one observation to all but the sum. */
export function countValue(histogram: Histogram, value: number): void {
  if (value === 0) {
    histogram.zero++
    return
  }
  const signed = value > 0 ? histogram.positive : histogram.negative
  addToBucket(signed, finestIndex(Math.abs(value)) >> (MAX_SCALE - histogram.scale), 1)
  if (signed.size > MAX_BUCKETS) fit(histogram)
}

/** Adds `from` to `into`. The result depends only on which observations there were, never on the order of merging. */
export function mergeHistogram(into: Histogram, from: Histogram): void {
  mergeExact(into.sum, from.sum)
  into.zero += from.zero
  lowerScale(into, Math.min(into.scale, from.scale))
  const shift = from.scale - into.scale
  for (const [index, count] of from.positive) addToBucket(into.positive, index >> shift, count)
  for (const [index, count] of from.negative) addToBucket(into.negative, index >> shift, count)
  fit(into)
}

export function copyHistogram(histogram: Histogram): Histogram {
  const copy = createHistogram()
  mergeHistogram(copy, histogram)
  return copy
}

/** Merges neighbouring buckets until `scale` is reached; never raises the scale. */
export function lowerScale(histogram: Histogram, scale: number): void {
  const shift = histogram.scale - scale
  if (shift <= 0) return
  histogram.scale = scale
  for (const buckets of [histogram.positive, histogram.negative]) {
    const finer = [...buckets]
    buckets.clear()
    for (const [index, count] of finer) addToBucket(buckets, index >> shift, count)
  }
}

/** How many observations the histogram holds. */
export function countOf(histogram: Histogram): number {
  let count = histogram.zero
  for (const n of histogram.positive.values()) count += n
  for (const n of histogram.negative.values()) count += n
  return count
}

/** Upper bound of bucket `index` at `scale`: base^(index + 1). Exact at powers of two. */
export const upperBound = (index: number, scale: number): number => 2 ** ((index + 1) * 2 ** -scale)

const addToBucket = (buckets: Map<number, number>, index: number, count: number): void => {
  buckets.set(index, (buckets.get(index) ?? 0) + count)
}

// The number of filled buckets falls with the scale and grows with the data, so the scale reached is the same in any order.
function fit(histogram: Histogram): void {
  while (histogram.positive.size > MAX_BUCKETS || histogram.negative.size > MAX_BUCKETS)
    lowerScale(histogram, histogram.scale - 1)
}

const double = /* @__PURE__ */ new Float64Array(1)
const words = /* @__PURE__ */ new Uint32Array(double.buffer)

/** By the first 12 bits of the significand: bucket within the octave + 1, 0 where not yet known, -1 where two buckets meet. */
const buckets = /* @__PURE__ */ new Int16Array(4_096)

/**
 * `exactIndex` without its logarithm, which costs more than all the rest of a record: of 4,096 slices of an octave
 * all but the 6 % that a bucket's bound cuts through have one answer, and it is kept.
 */
export function finestIndex(value: number): number {
  double[0] = value
  const high = words[1]!
  const slice = (high >>> 8) & 0xfff
  const bucket = buckets[slice]!
  if (bucket > 0 && high > 0xfffff) return (((high >>> 20) - 1023) << MAX_SCALE) + bucket - 1
  if (bucket === 0) {
    const first = exactIndex(1 + slice / 4_096)
    buckets[slice] = first === exactIndex(1 + (slice + 1) / 4_096 - 2 ** -52) ? first + 1 : -1
  }
  return exactIndex(value)
}

/**
 * Bucket of a positive double at MAX_SCALE. The exponent is read from the bits and only the significand goes through a
 * logarithm, so rounding can never move a value across a power of two: coarser scales and power-of-two bounds are exact.
 */
export function exactIndex(value: number): number {
  double[0] = value
  const high = words[1]!
  const exponent = (high >>> 20) - 1023
  if (exponent === -1023) return exactIndex(value * 2 ** 52) - (52 << MAX_SCALE)
  const fraction = high & 0xfffff
  const first = exponent << MAX_SCALE
  if (fraction === 0 && words[0] === 0) return first - 1
  words[1] = fraction | 0x3ff00000
  return first + Math.min((1 << MAX_SCALE) - 1, Math.floor(Math.log2(double[0]) * (1 << MAX_SCALE)))
}
