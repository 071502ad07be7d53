import type { ExactSum } from './types.ts'

/**
 * Parts of an exact sum, at most. Between the largest and the smallest bit of a double lie 2,098 bits, and a part of a
 * compressed sum stands at least 52 bits above the next.
 */
export const MAX_SUM_PARTS = 41

/** The rounding error of `sum`, which is a + b. Source: D. E. Knuth, "The Art of Computer Programming" 2, 4.2.2, Theorem B (TwoSum). */
export const roundingError = (a: number, b: number, sum: number): number => {
  const added = sum - a
  return a - (sum - added) + (b - added)
}

/**
 * Adds `value` to `sum` without rounding, so that no order of additions or merges changes a total.
 * The parts of a sum do not overlap and grow in magnitude. Values must be finite and at most MAX_VALUE.
 * Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic", 1997, GROW-EXPANSION.
 */
export function addExact(sum: ExactSum, value: number): void {
  let carry = value
  let used = 0
  for (let i = 0; i < sum.length; i++) {
    const part = sum[i]!
    const high = carry + part
    const low = roundingError(carry, part, high)
    if (low !== 0) sum[used++] = low
    carry = high
  }
  if (carry !== 0) sum[used++] = carry
  // Only when it changes, and never to grow: an array that is cut and pushed to is stored again each time.
  if (used < sum.length) sum.length = used
  if (sum.length > MAX_SUM_PARTS) compress(sum)
}

/**
 * Writes the same sum in as few parts as it needs. Without it values of very different magnitude leave parts of a few
 * bits each, and a sum could grow to a thousand of them. Source: as above, COMPRESS, downward half.
 */
function compress(sum: ExactSum): void {
  const parts = sum.splice(0)
  let carry = parts.pop()!
  for (const part of parts.reverse()) {
    const high = carry + part
    const low = part - (high - carry)
    if (low !== 0) sum.unshift(high)
    carry = low || high
  }
  sum.unshift(carry)
}

export function mergeExact(into: ExactSum, from: readonly number[]): void {
  for (const part of from) addExact(into, part)
}

/** The double nearest to the exact sum. Rounds half to even as Python's `math.fsum` does. */
export function roundExact(sum: readonly number[]): number {
  let i = sum.length - 1
  if (i < 0) return 0
  let high = sum[i]!
  let low = 0
  while (i > 0 && low === 0) {
    const carry = high
    const part = sum[--i]!
    high = carry + part
    low = part - (high - carry)
  }
  // Exactly half way: the parts below decide, as one rounding of the whole would.
  if (i > 0 && low < 0 === sum[i - 1]! < 0) {
    const doubled = low * 2
    const rounded = high + doubled
    if (rounded - high === doubled) return rounded
  }
  return high
}
