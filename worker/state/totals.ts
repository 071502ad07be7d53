import type { Delta, Series, SeriesKey, SeriesTotal } from '../model/types.ts'
import type { Change, SeriesState } from './change.ts'
import { copyDelta, mergeDelta } from '../model/delta.ts'
import { parseSeriesKey } from '../model/series-key.ts'

/** A series that is kept: its total, and where its beginning and end are settled. */
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
  readonly introduce: (key: SeriesKey, destination: string) => void
  readonly end: (key: SeriesKey, destination: string) => void
  readonly remove: (key: SeriesKey) => void
  /** A destination is gone: nothing is settled there any more. */
  readonly forget: (destination: string) => void
  readonly restore: (key: SeriesKey, total: Delta, state: SeriesState) => void
  /** The changes that rebuild all totals. */
  readonly changes: () => Iterable<Change>
}

interface Entry {
  readonly key: SeriesKey
  readonly series: Series
  total: Delta
  startMs: number
  changedMs: number
  introduced: readonly string[]
  ended: readonly string[]
  /** Somebody holds this total: it must be copied before it changes. */
  isShared: boolean
}

const NOWHERE: readonly string[] = []

export function createTotals(): Totals {
  const entries = new Map<SeriesKey, Entry>()

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
      introduced: NOWHERE,
      ended: NOWHERE,
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
      if (!entry || entry.ended.length > 0) {
        begin(key, delta, nowMs)
        return
      }
      if (entry.isShared) entry.total = copyDelta(entry.total)
      entry.isShared = false
      mergeDelta(entry.total, delta)
      entry.changedMs = nowMs
    },
    introduce: (key, destination) => {
      const entry = entries.get(key)
      if (entry && !entry.introduced.includes(destination))
        entry.introduced = intern([...entry.introduced, destination])
    },
    end: (key, destination) => {
      const entry = entries.get(key)
      if (entry && !entry.ended.includes(destination)) entry.ended = intern([...entry.ended, destination])
    },
    remove: (key) => {
      entries.delete(key)
    },
    forget: (destination) => {
      for (const entry of entries.values()) {
        entry.introduced = intern(entry.introduced.filter((name) => name !== destination))
        entry.ended = intern(entry.ended.filter((name) => name !== destination))
      }
    },
    restore: (key, total, { startMs, changedMs, introduced, ended }) => {
      const settled = { introduced: intern(introduced), ended: intern(ended) }
      entries.set(key, { key, series: parseSeriesKey(key), total, startMs, changedMs, ...settled, isShared: false })
    },
    *changes() {
      for (const { key, total, startMs, changedMs, introduced, ended } of entries.values())
        yield ['series', key, total, { startMs, changedMs, introduced, ended }]
    },
  }
}

function share(entry: Entry): KeptSeries
function share(entry: Entry | undefined): KeptSeries | undefined
function share(entry: Entry | undefined): KeptSeries | undefined {
  if (!entry) return undefined
  entry.isShared = true
  const { isShared: _, ...kept } = entry
  return kept
}
