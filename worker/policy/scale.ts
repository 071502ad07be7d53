import { addExact } from '../../src/protocol/exact-sum.ts'
import type { ExactSum, Histogram } from '../../src/protocol/types.ts'
import type { Delta } from '../model/types.ts'

/**
 * Estimates the records of all sessions that a sampled one stands for: multiplies every count and the sum by
 * `weight`, a whole number. Without rounding; the same object where the weight is 1.
 */
export function scaleDelta(delta: Delta, weight: number): Delta {
  if (weight === 1) return delta
  if (Array.isArray(delta)) return scaleSum(delta, weight)
  const { scale, zero, positive, negative, sum } = delta
  return {
    scale,
    zero: zero * weight,
    positive: scaleBuckets(positive, weight),
    negative: scaleBuckets(negative, weight),
    sum: scaleSum(sum, weight),
  }
}

const scaleBuckets = (buckets: Histogram['positive'], weight: number): Histogram['positive'] =>
  new Map([...buckets].map(([index, count]) => [index, count * weight]))

/** A product could be rounded; its parts by the powers of two in `weight` cannot. */
function scaleSum(sum: ExactSum, weight: number): ExactSum {
  const scaled: ExactSum = []
  for (let power = 1; power <= weight; power *= 2)
    if (weight & power) for (const part of sum) addExact(scaled, part * power)
  return scaled
}
