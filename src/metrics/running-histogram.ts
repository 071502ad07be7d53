// Pure: no I/O, no clock, no randomness.
import { countValue, createHistogram } from '../protocol/histogram.ts'
import type { Histogram } from '../protocol/types.ts'
import { addToSum, createRunningSum, partsOf, type RunningSum } from './running-sum.ts'

/** A histogram whose sum is cheap to add to; it becomes what `recordValue` would have made of the same values. */
export interface RunningHistogram {
  readonly sum: RunningSum
  /** All but the sum. */
  readonly shape: Histogram
}

export const createRunningHistogram = (): RunningHistogram => ({ sum: createRunningSum(), shape: createHistogram() })

/** Adds an observation; false, and nothing added, where the value or the sum would be more than the wire takes. */
export function observeValue({ sum, shape }: RunningHistogram, value: number): boolean {
  const isTaken = addToSum(sum, value)
  if (isTaken) countValue(shape, value)
  return isTaken
}

/** The histogram. Its buckets are still those of the running one: to be written down at once. */
export const histogramOf = ({ sum, shape }: RunningHistogram): Histogram => ({ ...shape, sum: partsOf(sum) })
