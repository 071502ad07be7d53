// Pure: no I/O, no clock, no randomness.
import { countOf } from '../../src/protocol/histogram.ts'
import type { Histogram } from '../../src/protocol/types.ts'

/**
 * The observation of rank ceil(q × count), as the geometric middle of its bucket: at scale 8 at most 0.14 % off.
 * @param q from 0 to 1
 * @returns undefined for an empty histogram
 */
export function quantileOf(histogram: Histogram, q: number): number | undefined {
  const { scale, zero, positive, negative } = histogram
  const middle = (index: number): number => 2 ** ((index + 0.5) * 2 ** -scale)
  const ascending: readonly (readonly [value: number, count: number])[] = [
    ...[...negative].sort(([a], [b]) => b - a).map(([index, count]) => [-middle(index), count] as const),
    [0, zero],
    ...[...positive].sort(([a], [b]) => a - b).map(([index, count]) => [middle(index), count] as const),
  ]
  let missing = Math.max(1, Math.ceil(q * countOf(histogram)))
  return ascending.find(([, count]) => (missing -= count) <= 0)?.[0]
}
