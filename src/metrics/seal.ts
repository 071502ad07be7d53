// Pure: no I/O, no clock, no randomness. From points to immutable batches within the limits of the wire.
import { MAX_BATCH_BYTES, MAX_POINTS_PER_BATCH } from '../protocol/limits.ts'
import type { SealedBatch } from '../protocol/wire.ts'

/** One series' delta. */
export interface Point {
  readonly isHistogram: boolean
  /** The `CounterPoint` or `HistogramPoint` as JSON. */
  readonly text: string
  /** Calls in it. */
  readonly records: number
}

/** Brackets, sequence number and time of a batch: `[9007199254740991,1700000000000,[],[]]` and to spare. */
const FRAME_BYTES = 64

/** Splits points into batches, numbered from `head.sequence` on. */
export function sealBatches(points: readonly Point[], head: Omit<SealedBatch, 'records' | 'text'>): SealedBatch[] {
  const batches: SealedBatch[] = []
  const encoder = new TextEncoder()
  let bytes = 0
  let part: Point[] = []
  const close = (): void => {
    const sequence = head.sequence + batches.length
    const textOf = (isHistogram: boolean): string =>
      `[${part
        .filter((point) => point.isHistogram === isHistogram)
        .map((point) => point.text)
        .join()}]`
    batches.push({
      ...head,
      sequence,
      records: part.reduce((records, point) => records + point.records, 0),
      text: `[${sequence},${head.sealedMs},${textOf(false)},${textOf(true)}]`,
    })
    part = []
    bytes = 0
  }
  for (const point of points) {
    const pointBytes = encoder.encode(point.text).length + 1
    if (part.length === MAX_POINTS_PER_BATCH || (part.length > 0 && bytes + pointBytes > MAX_BATCH_BYTES - FRAME_BYTES))
      close()
    part.push(point)
    bytes += pointBytes
  }
  if (part.length > 0) close()
  return batches
}
