// Pure: no I/O, no clock, no randomness.
import { addExact } from '../protocol/exact-sum.ts'
import { MAX_SUM, MAX_VALUE } from '../protocol/limits.ts'
import type { ExactSum } from '../protocol/types.ts'

/** A sum that is exact and costs two additions: each part holds what rounding took from the one before. */
export interface RunningSum {
  high: number
  low: number
  readonly rest: ExactSum
}

// A minus zero is a zero that engines store as a double from the start: no change of representation on the hot path.
export const createRunningSum = (): RunningSum => ({ high: -0, low: -0, rest: [] })

/**
 * Adds `value` without rounding; false, and nothing added, where the value or the sum would be more than the wire takes.
 * Two parts hold nearly every sum there is, so the list is only for the rare third.
 * Source: D. E. Knuth, "The Art of Computer Programming" 2, 4.2.2, Theorem B (TwoSum).
 */
export function addToSum(sum: RunningSum, value: number): boolean {
  const { high } = sum
  const total = high + value
  if (!(Math.abs(value) <= MAX_VALUE && Math.abs(total) <= MAX_SUM)) return false
  const added = total - high
  const error = high - (total - added) + (value - added)
  if (error !== 0) addError(sum, error)
  sum.high = total
  return true
}

function addError(sum: RunningSum, value: number): void {
  const { low } = sum
  const total = low + value
  const added = total - low
  const error = low - (total - added) + (value - added)
  if (error !== 0) addExact(sum.rest, error)
  sum.low = total
}

/** The sum as parts; it starts again from zero. */
export function takeSum(sum: RunningSum): ExactSum {
  const parts = sum.rest.splice(0)
  addExact(parts, sum.low)
  addExact(parts, sum.high)
  sum.high = sum.low = 0
  return parts
}
