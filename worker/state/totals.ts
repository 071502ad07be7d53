import type { Delta, Series, SeriesKey, SeriesTotal } from '../model/types.ts'
import type { Change, SeriesState } from './change.ts'
import { copyDelta, mergeDelta } from '../model/delta.ts'
import { parseSeriesKey } from '../model/series-key.ts'

/** A series that is kept: its total, and the destinations where its zero and its end are settled. */
export type KeptSeries = SeriesTotal & SeriesState

/** The running totals. Results of `all` and `get` never change afterwards. */
export interface Totals {
  readonly has: (key: SeriesKey) => boolean
  readonly get: (key: SeriesKey) => KeptSeries | undefined
  /** The series of a key, without its total. */
  readonly seriesOf: (key: SeriesKey) => Series
  readonly all: () => Iterable<KeptSeries>
  readonly size: () => number
  /**
   * Adds to a series, which begins with it where it is new. A series whose end is settled at any destination begins
   * again from zero: its last total arrived everywhere before its end was offered (see flush/series-phase.ts).
   */
  readonly add: (key: SeriesKey, delta: Delta, nowMs: number) => void
  /** The zero of the series is settled at the destination. */
  readonly zeroSent: (key: SeriesKey, destination: string) => void
  /** The end of the series is settled at the destination. */
  readonly endSent: (key: SeriesKey, destination: string) => void
  readonly remove: (key: SeriesKey) => void
  /** Forgets what is settled at a destination that is gone. */
  readonly forget: (destination: string) => void
  readonly restore: (key: SeriesKey, total: Delta, state: SeriesState) => void
  /** The changes that rebuild all totals. */
  readonly changes: () => Iterable<Change>
}

interface MutableSeries {
  readonly key: SeriesKey
  readonly series: Series
  total: Delta
  startMs: number
  changedMs: number
  zeroSentTo: readonly string[]
  endSentTo: readonly string[]
  /** A caller has this total, so it must be copied before it changes. */
  isShared: boolean
}

const NOWHERE: readonly string[] = []

export function createTotals(): Totals {
  const entries = new Map<SeriesKey, MutableSeries>()

  // Series are mostly settled at the same destinations: equal lists are one list in memory.
  const lists = new Map<string, readonly string[]>()
  const intern = (names: readonly string[]): readonly string[] => {
    if (names.length === 0) return NOWHERE
    const known = lists.get(names.join('\n'))
    if (!known) lists.set(names.join('\n'), names)
    return known ?? names
  }

  const begin = (key: SeriesKey, delta: Delta, nowMs: number): void => {
    entries.set(key, {
      key,
      series: entries.get(key)?.series ?? parseSeriesKey(key),
      total: copyDelta(delta),
      startMs: nowMs,
      changedMs: nowMs,
      zeroSentTo: NOWHERE,
      endSentTo: NOWHERE,
      isShared: false,
    })
  }

  return {
    has: (key) => entries.has(key),
    get: (key) => share(entries.get(key)),
    seriesOf: (key) => entries.get(key)?.series ?? parseSeriesKey(key),
    *all() {
      for (const entry of entries.values()) yield share(entry)
    },
    size: () => entries.size,
    add: (key, delta, nowMs) => {
      const entry = entries.get(key)
      if (!entry || entry.endSentTo.length > 0) {
        begin(key, delta, nowMs)
        return
      }
      if (entry.isShared) entry.total = copyDelta(entry.total)
      entry.isShared = false
      mergeDelta(entry.total, delta)
      entry.changedMs = nowMs
    },
    zeroSent: (key, destination) => {
      const entry = entries.get(key)
      if (entry && !entry.zeroSentTo.includes(destination))
        entry.zeroSentTo = intern([...entry.zeroSentTo, destination])
    },
    endSent: (key, destination) => {
      const entry = entries.get(key)
      if (entry && !entry.endSentTo.includes(destination)) entry.endSentTo = intern([...entry.endSentTo, destination])
    },
    remove: (key) => {
      entries.delete(key)
    },
    forget: (destination) => {
      for (const entry of entries.values()) {
        entry.zeroSentTo = intern(entry.zeroSentTo.filter((name) => name !== destination))
        entry.endSentTo = intern(entry.endSentTo.filter((name) => name !== destination))
      }
    },
    restore: (key, total, { startMs, changedMs, zeroSentTo, endSentTo }) => {
      const settled = { zeroSentTo: intern(zeroSentTo), endSentTo: intern(endSentTo) }
      entries.set(key, { key, series: parseSeriesKey(key), total, startMs, changedMs, ...settled, isShared: false })
    },
    *changes() {
      for (const { key, total, startMs, changedMs, zeroSentTo, endSentTo } of entries.values())
        yield { type: 'series', key, total, state: { startMs, changedMs, zeroSentTo, endSentTo } }
    },
  }
}

function share(entry: MutableSeries): KeptSeries
function share(entry: MutableSeries | undefined): KeptSeries | undefined
function share(entry: MutableSeries | undefined): KeptSeries | undefined {
  if (!entry) return undefined
  entry.isShared = true
  const { isShared: _, ...kept } = entry
  return kept
}
