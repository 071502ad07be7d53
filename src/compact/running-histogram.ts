import { finestIndex } from '../protocol/histogram.ts'
import { MAX_BUCKETS, MAX_SCALE } from '../protocol/limits.ts'
import type { Histogram } from '../protocol/types.ts'
import { addToSum, createRunningSum, partsOf, type RunningSum } from './running-sum.ts'

/** Counts by bucket index. A count is in an object, so that adding to it is one look-up in the map and not two. */
type Buckets = Map<number, { count: number }>

/** A histogram that is cheap to add to; it becomes what `recordValue` would have made of the same values. */
export interface RunningHistogram {
  readonly sum: RunningSum
  zero: number
  positive: Buckets
  negative: Buckets
  /** How often neighbouring buckets were merged: the scale is `MAX_SCALE - shift`. */
  shift: number
}

export const createRunningHistogram = (): RunningHistogram => ({
  sum: createRunningSum(),
  zero: 0,
  positive: new Map(),
  negative: new Map(),
  shift: 0,
})

/** Adds an observation; false, and nothing added, where the value or the sum would be more than the wire takes. */
export function observeValue(histogram: RunningHistogram, value: number): boolean {
  if (!addToSum(histogram.sum, value)) return false
  if (value === 0) histogram.zero++
  else {
    const buckets = value > 0 ? histogram.positive : histogram.negative
    addToBucket(buckets, finestIndex(Math.abs(value)) >> histogram.shift, 1)
    if (buckets.size > MAX_BUCKETS) fit(histogram)
  }
  return true
}

const addToBucket = (buckets: Buckets, index: number, count: number): void => {
  const bucket = buckets.get(index)
  if (bucket) bucket.count += count
  else buckets.set(index, { count })
}

function fit(histogram: RunningHistogram): void {
  while (histogram.positive.size > MAX_BUCKETS || histogram.negative.size > MAX_BUCKETS) {
    histogram.positive = mergeNeighbours(histogram.positive)
    histogram.negative = mergeNeighbours(histogram.negative)
    histogram.shift++
  }
}

function mergeNeighbours(finer: Buckets): Buckets {
  const buckets: Buckets = new Map()
  for (const [index, { count }] of finer) addToBucket(buckets, index >> 1, count)
  return buckets
}

/** The histogram. The running one stays as it was. */
export const histogramOf = ({ sum, zero, positive, negative, shift }: RunningHistogram): Histogram => ({
  scale: MAX_SCALE - shift,
  zero,
  positive: countsOf(positive),
  negative: countsOf(negative),
  sum: partsOf(sum),
})

const countsOf = (buckets: Buckets): Map<number, number> =>
  new Map([...buckets].map(([index, { count }]) => [index, count]))
