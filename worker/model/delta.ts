import { mergeExact } from '../../src/protocol/exact-sum.ts'
import { copyHistogram, mergeHistogram } from '../../src/protocol/histogram.ts'
import type { Histogram } from '../../src/protocol/types.ts'
import type { Delta } from './types.ts'

export const isHistogram = (delta: Delta): delta is Histogram => !Array.isArray(delta)

export const copyDelta = (delta: Delta): Delta => (isHistogram(delta) ? copyHistogram(delta) : [...delta])

/** Adds `from` to `into`, exactly. Both must be of one kind. */
export function mergeDelta(into: Delta, from: Delta): void {
  if (isHistogram(into) !== isHistogram(from)) throw new Error('BUG: a sum met a histogram in one series')
  if (isHistogram(into)) mergeHistogram(into, from as Histogram)
  else mergeExact(into, from as readonly number[])
}

/** Adds `delta` to what `deltas` holds under `key`; never keeps `delta` itself. */
export function mergeInto<Key>(deltas: Map<Key, Delta>, key: Key, delta: Delta): void {
  const held = deltas.get(key)
  if (held) mergeDelta(held, delta)
  else deltas.set(key, copyDelta(delta))
}

/** A delta as JSON keeps it: the parts of a sum, or [scale, zero, sum, positive, negative] with flat index-count buckets. */
export type StoredDelta =
  readonly number[] | { readonly h: readonly [number, number, readonly number[], readonly number[], readonly number[]] }

export const encodeDelta = (delta: Delta): StoredDelta =>
  isHistogram(delta)
    ? { h: [delta.scale, delta.zero, delta.sum, [...delta.positive].flat(), [...delta.negative].flat()] }
    : delta

export function decodeDelta(stored: StoredDelta): Delta {
  if (!('h' in stored)) return [...stored]
  const [scale, zero, sum, positive, negative] = stored.h
  return { scale, zero, sum: [...sum], positive: buckets(positive), negative: buckets(negative) }
}

const buckets = (flat: readonly number[]): Map<number, number> => {
  const map = new Map<number, number>()
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i]!, flat[i + 1]!)
  return map
}
