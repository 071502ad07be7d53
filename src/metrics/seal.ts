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
  let taken: Point[] = []
  let bytes = 0
  const textOf = (isHistogram: boolean): string =>
    String(taken.filter((point) => point.isHistogram === isHistogram).map(({ text }) => text))
  const close = (): void => {
    const sequence = head.sequence + batches.length
    const text = `[${sequence},${head.sealedMs},[${textOf(false)}],[${textOf(true)}]]`
    batches.push({ ...head, sequence, records: taken.reduce((sum, { records }) => sum + records, 0), text })
    taken = []
    bytes = 0
  }
  for (const point of points) {
    const pointBytes = encoder.encode(point.text).length + 1
    if (taken.length === MAX_POINTS_PER_BATCH || (bytes && bytes + pointBytes > MAX_BATCH_BYTES - FRAME_BYTES)) close()
    taken.push(point)
    bytes += pointBytes
  }
  if (bytes) close()
  return batches
}
