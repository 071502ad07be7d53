// Pure: no I/O, no clock, no randomness. One series of the page: what was recorded of it since the last seal.
import { encodeHistogram, encodeSum } from '../protocol/wire.ts'
import { type RunningHistogram, takeHistogram } from './running-histogram.ts'
import { type RunningSum, takeSum } from './running-sum.ts'

export interface Cell<Value> {
  /** The point's JSON up to its value. */
  readonly head: string
  /** The point's JSON after its value. */
  readonly tail: string
  readonly value: Value
  /** Whether the cell is in the recorder's list of what to seal. */
  dirty: boolean
  /** Calls since the last seal. */
  records: number
}

export type CounterCell = Cell<RunningSum>
export type HistogramCell = Cell<RunningHistogram>

export const createCell = <Value>(head: string, tail: string, value: Value): Cell<Value> => ({
  head,
  tail,
  value,
  dirty: false,
  records: 0,
})

export const isHistogramCell = (cell: CounterCell | HistogramCell): cell is HistogramCell => 'scale' in cell.value

/** The cell's point as JSON; the cell starts again from zero. */
export function takePoint(cell: CounterCell | HistogramCell): string {
  const value = isHistogramCell(cell) ? encodeHistogram(takeHistogram(cell.value)) : encodeSum(takeSum(cell.value))
  cell.dirty = false
  cell.records = 0
  return cell.head + JSON.stringify(value) + cell.tail
}
