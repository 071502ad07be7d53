// From what was recorded to immutable batches within the limits of the wire.
import { MAX_BATCH_BYTES, MAX_POINTS_PER_BATCH } from '../protocol/limits.ts'
import type { DropReason } from '../protocol/types.ts'
import { bytesOf, createEntry } from './entry.ts'
import { createWindow, MAX_LOOSE_VALUES } from './record.ts'
import type { Cell, Entry, Recorder } from './types.ts'

/** Upper bound of the brackets, sequence number and time of a batch: `[9007199254740991,1700000000000,[],[]]`. */
const FRAME_BYTES = 64

/** Values of one point. A series with more values becomes several points, which the edge adds. */
const MAX_POINT_VALUES = 500

/** The common part of all batches of one window. */
export type Head = Pick<Entry, 'session' | 'weight' | 'resource' | 'sequence' | 'sealedMs'>

/** A cell as JSON: the values of one or more points, and how many there are in each that is written out. */
const valuesOf = ({ compactor }: Recorder, cell: Cell): (readonly [text: string, count: number])[] => {
  if (compactor && (cell.folded || cell.loose.length > MAX_LOOSE_VALUES)) compactor.fold(cell)
  const points: (readonly [string, number])[] = compactor && cell.folded ? [[compactor.encodeFolded(cell), 0]] : []
  const all = cell.whole ? [cell.whole, ...cell.loose] : cell.loose
  for (let from = 0; from < all.length; from += MAX_POINT_VALUES) {
    const part = all.slice(from, from + MAX_POINT_VALUES)
    const list = part.length > 1 ? `[${part.join()}]` : part.join()
    points.push([cell.least && part.length > 1 ? `[${list}]` : list, part.length])
  }
  return points
}

/** The batches of a window, numbered from `head.sequence` on. The window does not change. */
export function batchesOf(recorder: Recorder, head: Head): Entry[] {
  const { dirty, unreported } = recorder.current
  const batches: Entry[] = []
  let counters: string[] = []
  let histograms: string[] = []
  let bytes = 0
  let records = 0
  const close = (): void => {
    const sequence = head.sequence + batches.length
    const text = `[${sequence},${head.sealedMs},[${counters.join()}],[${histograms.join()}]]`
    // The first batch reports the drops.
    if (bytes) batches.push(createEntry({ ...head, sequence, records, drops: batches.length ? {} : unreported, text }))
    counters = []
    histograms = []
    bytes = records = 0
  }
  const put = (text: string, least: number, calls: number): void => {
    const more = bytesOf(text) + 1
    if (counters.length + histograms.length === MAX_POINTS_PER_BATCH || bytes + more > MAX_BATCH_BYTES - FRAME_BYTES)
      close()
    bytes += more
    records += calls
    ;(least ? histograms : counters).push(text)
  }
  for (const reason of Object.keys(unreported))
    put(`["pharos.dropped",${unreported[reason as DropReason]},{"reason":"${reason}","where":"page"}]`, 0, 0)
  for (const cell of dirty) {
    let { calls } = cell
    // The last point counts the calls that are left: many calls may be one sum.
    for (const [text, count] of valuesOf(recorder, cell)) {
      put(cell.head + text + cell.tail, cell.least, count)
      calls -= count
    }
    records += calls
  }
  close()
  return batches
}

/** Ends the window. Its batches are in `sealed` of the next. */
export const sealWindow = (recorder: Recorder, head: Head): void => {
  recorder.current = createWindow(batchesOf(recorder, head))
}
