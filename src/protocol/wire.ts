import { countOf, createHistogram, recordValue } from './histogram.ts'
import { MAX_SCALE } from './limits.ts'
import type { Histogram, WireBuckets, WireHistogram, WireSum } from './types.ts'

/** The sum as it travels: one number when one part is enough. */
export const encodeSum = (sum: readonly number[]): WireSum => (sum.length > 1 ? sum : (sum[0] ?? 0))

export function encodeHistogram(histogram: Histogram): WireHistogram {
  const { scale, zero, positive, negative, sum } = histogram
  if (isLone(histogram)) return sum[0] ?? 0
  const head = [encodeSum(sum), encodeBuckets(positive)] as const
  if (negative.size > 0) return [...head, scale, zero, encodeBuckets(negative)]
  if (zero > 0) return [...head, scale, zero]
  return scale < MAX_SCALE ? [...head, scale] : head
}

// One observation at full scale is rebuilt from its value alone.
const isLone = (histogram: Histogram): boolean =>
  countOf(histogram) === 1 && histogram.scale === MAX_SCALE && histogram.sum.length < 2

function encodeBuckets(buckets: ReadonlyMap<number, number>): WireBuckets {
  let previous = 0
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .flatMap(([index, count]) => {
      const gap = index - previous
      previous = index
      return [gap, count]
    })
}

/** A histogram of one observation, as a bare number on the wire stands for. */
export function loneHistogram(value: number): Histogram {
  const histogram = createHistogram()
  recordValue(histogram, value)
  return histogram
}
