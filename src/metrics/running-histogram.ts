// Pure: no I/O, no clock, no randomness.
import { MAX_BUCKETS, MAX_SCALE } from '../protocol/limits.ts'
import type { Histogram } from '../protocol/types.ts'
import { bucketIndex } from './bucket-index.ts'
import { addToSum, createRunningSum, type RunningSum, takeSum } from './running-sum.ts'

/** Counts in boxes: a map that is only read is several times faster than one that is written for each observation. */
type Boxes = Map<number, { count: number }>

/** A histogram that is cheap to record into, and becomes what `recordValue` would have made of the same values. */
export interface RunningHistogram {
  readonly sum: RunningSum
  scale: number
  zero: number
  readonly positive: Boxes
  readonly negative: Boxes
}

export const createRunningHistogram = (): RunningHistogram => ({
  sum: createRunningSum(),
  scale: MAX_SCALE,
  zero: 0,
  positive: new Map(),
  negative: new Map(),
})

/** Adds an observation; false, and nothing added, where the value or the sum would be more than the wire takes. */
export function observeValue(histogram: RunningHistogram, value: number): boolean {
  if (!addToSum(histogram.sum, value)) return false
  if (value === 0) histogram.zero++
  else {
    const boxes = value > 0 ? histogram.positive : histogram.negative
    const index = bucketIndex(Math.abs(value)) >> (MAX_SCALE - histogram.scale)
    const box = boxes.get(index)
    if (box) box.count++
    else {
      boxes.set(index, { count: 1 })
      while (boxes.size > MAX_BUCKETS) lowerScale(histogram)
    }
  }
  return true
}

function lowerScale(histogram: RunningHistogram): void {
  histogram.scale--
  for (const boxes of [histogram.positive, histogram.negative]) {
    const finer = [...boxes]
    boxes.clear()
    for (const [index, box] of finer) {
      box.count += boxes.get(index >> 1)?.count ?? 0
      boxes.set(index >> 1, box)
    }
  }
}

/** The histogram; the running one starts again from nothing. */
export function takeHistogram(running: RunningHistogram): Histogram {
  const { scale, zero, positive, negative } = running
  running.scale = MAX_SCALE
  running.zero = 0
  return { scale, zero, positive: takeCounts(positive), negative: takeCounts(negative), sum: takeSum(running.sum) }
}

function takeCounts(boxes: Boxes): Map<number, number> {
  const counts = new Map(Array.from(boxes, ([index, { count }]) => [index, count]))
  boxes.clear()
  return counts
}
