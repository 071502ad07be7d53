// Pure: no I/O, no clock, no randomness. One series of the page: what was recorded of it since the last seal.
import { encodeHistogram, encodeSum } from '../protocol/wire.ts'
import { createRunningHistogram, histogramOf, type RunningHistogram } from './running-histogram.ts'
import { createRunningSum, partsOf, type RunningSum } from './running-sum.ts'

/** What counters and histograms differ in. */
export interface Kind<Value> {
  readonly isHistogram: boolean
  readonly create: () => Value
  /** What goes on the wire. The value stays as it was. */
  readonly encode: (value: Value) => unknown
}

export const counters: Kind<RunningSum> = {
  isHistogram: false,
  create: createRunningSum,
  encode: (sum) => encodeSum(partsOf(sum)),
}

export const histograms: Kind<RunningHistogram> = {
  isHistogram: true,
  create: createRunningHistogram,
  encode: (histogram) => encodeHistogram(histogramOf(histogram)),
}

export interface Cell<Value> {
  readonly kind: Kind<Value>
  /** The point's JSON up to its value. */
  readonly head: string
  /** The point's JSON after its value. */
  readonly tail: string
  value: Value
  /** Calls since the last seal. */
  records: number
}

/** One series' delta. */
export interface Point {
  readonly isHistogram: boolean
  /** The `CounterPoint` or `HistogramPoint` as JSON. */
  readonly text: string
  /** Calls in it. */
  readonly records: number
}

/** What the cell holds; it starts again from nothing, but only when all else is done: the script may end before. */
export function takePoint<Value>(cell: Cell<Value>): Point {
  const { kind, head, tail, value, records } = cell
  const point = { isHistogram: kind.isHistogram, text: head + JSON.stringify(kind.encode(value)) + tail, records }
  const next = kind.create()
  cell.value = next
  cell.records = 0
  return point
}
