import type { Delta, SeriesKey } from '../model/types.ts'
import type { Change } from './change.ts'
import { copyDelta, mergeDelta } from '../model/delta.ts'

/** Dead letters that are kept for one destination; what comes when it is full is given up, and counted. */
export const MAX_DEAD_LETTERS = 1_000

/** Why a series was refused, when first, and what of it a delta destination did not take. */
export interface Letter {
  readonly reason: string
  readonly timeMs: number
  readonly delta?: Delta
}

/** Series that destinations refused for good. One letter a series: another refusal is added to it, so letters are exact and bounded. */
export interface DeadLetters {
  readonly of: (destination: string) => ReadonlyMap<SeriesKey, Letter>
  readonly destinations: () => readonly string[]
  readonly has: (destination: string, key: SeriesKey) => boolean
  readonly put: (destination: string, key: SeriesKey, letter: Letter) => void
  readonly remove: (destination: string, keys: readonly SeriesKey[]) => void
  /** A series is gone: what a cumulative destination refused of it says nothing any more. */
  readonly forgetSeries: (key: SeriesKey) => void
  readonly forget: (destination: string) => void
  readonly changes: () => Iterable<Change>
}

const NONE: ReadonlyMap<SeriesKey, Letter> = new Map()

export function createDeadLetters(): DeadLetters {
  const all = new Map<string, Map<SeriesKey, Letter>>()

  const remove = (destination: string, keys: readonly SeriesKey[]): void => {
    const letters = all.get(destination)
    for (const key of keys) letters?.delete(key)
    if (letters?.size === 0) all.delete(destination)
  }

  return {
    of: (destination) => all.get(destination) ?? NONE,
    destinations: () => [...all.keys()],
    has: (destination, key) => all.get(destination)?.has(key) ?? false,
    put: (destination, key, letter) => {
      const letters = all.get(destination) ?? new Map<SeriesKey, Letter>()
      all.set(destination, letters)
      letters.set(key, joined(letters.get(key), letter))
    },
    remove,
    forgetSeries: (key) => {
      for (const [destination, letters] of all)
        if (letters.has(key) && letters.get(key)!.delta === undefined) remove(destination, [key])
    },
    forget: (destination) => {
      all.delete(destination)
    },
    *changes() {
      for (const [destination, letters] of all)
        for (const [key, letter] of letters) yield ['letter', destination, key, letter]
    },
  }
}

function joined(before: Letter | undefined, { reason, timeMs, delta }: Letter): Letter {
  const sum = before?.delta && copyDelta(before.delta)
  if (sum && delta) mergeDelta(sum, delta)
  const kept = sum ?? delta
  return { reason, timeMs: before?.timeMs ?? timeMs, ...(kept ? { delta: kept } : {}) }
}
