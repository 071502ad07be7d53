import { copyDelta, mergeDelta } from '../model/delta.ts'
import type { SeriesKey } from '../model/types.ts'
import type { Change, KeptDeadLetter } from './change.ts'

/** Most dead letters of one destination. When it has as many, further ones are dropped and counted. */
export const MAX_DEAD_LETTERS = 1_000

/**
 * Series that destinations refused for good. A series has one dead letter at a destination, and another refusal is added
 * to it. So dead letters are exact and bounded.
 */
export interface DeadLetters {
  readonly of: (destination: string) => ReadonlyMap<SeriesKey, KeptDeadLetter>
  readonly destinations: () => readonly string[]
  readonly has: (destination: string, key: SeriesKey) => boolean
  readonly put: (destination: string, key: SeriesKey, deadLetter: KeptDeadLetter) => void
  readonly remove: (destination: string, keys: readonly SeriesKey[]) => void
  /** Removes the dead letters of a series that is gone, except those that hold a delta. */
  readonly forgetSeries: (key: SeriesKey) => void
  readonly forget: (destination: string) => void
  readonly changes: () => Iterable<Change>
}

const NONE: ReadonlyMap<SeriesKey, KeptDeadLetter> = new Map()

export function createDeadLetters(): DeadLetters {
  const all = new Map<string, Map<SeriesKey, KeptDeadLetter>>()

  const remove = (destination: string, keys: readonly SeriesKey[]): void => {
    const ofDestination = all.get(destination)
    for (const key of keys) ofDestination?.delete(key)
    if (ofDestination?.size === 0) all.delete(destination)
  }

  return {
    of: (destination) => all.get(destination) ?? NONE,
    destinations: () => [...all.keys()],
    has: (destination, key) => all.get(destination)?.has(key) ?? false,
    put: (destination, key, deadLetter) => {
      const ofDestination = all.get(destination) ?? new Map<SeriesKey, KeptDeadLetter>()
      all.set(destination, ofDestination)
      ofDestination.set(key, merge(ofDestination.get(key), deadLetter))
    },
    remove,
    forgetSeries: (key) => {
      for (const [destination, ofDestination] of all)
        if (ofDestination.has(key) && ofDestination.get(key)!.delta === undefined) remove(destination, [key])
    },
    forget: (destination) => {
      all.delete(destination)
    },
    *changes() {
      for (const [destination, ofDestination] of all)
        for (const [key, deadLetter] of ofDestination) yield { type: 'deadLetter', destination, key, deadLetter }
    },
  }
}

function merge(before: KeptDeadLetter | undefined, { reason, timeMs, delta }: KeptDeadLetter): KeptDeadLetter {
  const sum = before?.delta && copyDelta(before.delta)
  if (sum && delta) mergeDelta(sum, delta)
  const kept = sum ?? delta
  return { reason, timeMs: before?.timeMs ?? timeMs, ...(kept ? { delta: kept } : {}) }
}
