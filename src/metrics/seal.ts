// Pure: no I/O, no clock, no randomness. From points to immutable batches within the limits of the wire.
import { MAX_BATCH_BYTES, MAX_POINTS_PER_BATCH } from '../protocol/limits.ts'
import type { SealedBatch } from '../protocol/wire.ts'
import type { Point } from './cell.ts'

/** Brackets, sequence number and time of a batch: `[9007199254740991,1700000000000,[],[]]` and to spare. */
const FRAME_BYTES = 64

/** Splits points into batches, numbered from `head.sequence` on. */
export function sealBatches(points: readonly Point[], head: Omit<SealedBatch, 'records' | 'text'>): SealedBatch[] {
  const batches: SealedBatch[] = []
  const encoder = new TextEncoder()
  let lists: [counters: string[], histograms: string[]] = [[], []]
  let size = 0
  let bytes = 0
  let records = 0
  const close = (): void => {
    const sequence = head.sequence + batches.length
    const [counters, histograms] = lists
    const text = `[${sequence},${head.sealedMs},[${counters.join()}],[${histograms.join()}]]`
    batches.push({ ...head, sequence, records, text })
    lists = [[], []]
    size = bytes = records = 0
  }
  for (const point of points) {
    const pointBytes = encoder.encode(point.text).length + 1
    if (size === MAX_POINTS_PER_BATCH || (size && bytes + pointBytes > MAX_BATCH_BYTES - FRAME_BYTES)) close()
    lists[point.isHistogram ? 1 : 0].push(point.text)
    size++
    bytes += pointBytes
    records += point.records
  }
  if (size) close()
  return batches
}
