import { addExact, roundingError } from '../protocol/exact-sum.ts'
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
 * Adds `value` without rounding; false, and nothing added, where it or the sum would be more than the
 * wire takes. Two parts hold nearly every sum there is, so the list is only for the rare third.
 */
export function addToSum(sum: RunningSum, value: number): boolean {
  const { high } = sum
  const total = high + value
  if (!(Math.abs(value) <= MAX_VALUE && Math.abs(total) <= MAX_SUM)) return false
  const error = roundingError(high, value, total)
  sum.high = total
  if (error !== 0) {
    const { low } = sum
    sum.low = low + error
    const rest = roundingError(low, error, sum.low)
    if (rest !== 0) addExact(sum.rest, rest)
  }
  return true
}

/** The sum as parts. It stays as it was. */
export function partsOf({ high, low, rest }: RunningSum): ExactSum {
  const parts = [...rest]
  addExact(parts, low)
  addExact(parts, high)
  return parts
}
