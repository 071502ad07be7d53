import type { Delta, SeriesKey } from '../model/types.ts'
import { isHistogram } from '../model/delta.ts'

/** About the length of a number and its punctuation as text. */
const BYTES_PER_NUMBER = 12

/** About how many bytes of text the series would be, before compression. */
export function waitingBytes(deltas: ReadonlyMap<SeriesKey, Delta>): number {
  let bytes = 0
  for (const [key, delta] of deltas) bytes += key.length + numbersIn(delta) * BYTES_PER_NUMBER
  return bytes
}

const numbersIn = (delta: Delta): number =>
  isHistogram(delta) ? 6 + 2 * (delta.positive.size + delta.negative.size) : 6
