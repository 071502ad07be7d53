import type { Series, SeriesKey, SeriesPhase, Snapshot, SnapshotSeries } from '../model/types.ts'
import type { FlushCursor } from '../state/change.ts'
import type { KeptSeries } from '../state/totals.ts'

/** The facts that decide the phase of a series. */
export interface FlushRules {
  readonly nowMs: number
  /** The groups of cumulative destinations. */
  readonly groups: readonly FlushGroup[]
  /** Whether the destination takes the series. */
  readonly accepts: (destination: string, series: Series) => boolean
  /** Whether a delta destination has yet to take counts of the series. */
  readonly isPending: (key: SeriesKey) => boolean
  readonly cursors: ReadonlyMap<string, FlushCursor>
  readonly staleAfterMs: number
}

/** Destinations that stand in for each other, and how many of them must have everything that is counted. */
export interface FlushGroup {
  readonly members: readonly string[]
  readonly need: number
}

/**
 * When a destination takes snapshots only in part, it is unknown whether a series was in that part. The series may end all
 * the same when it was offered for this many times `staleAfterMs`. Otherwise one poisoned series would keep all others.
 */
const PARTLY_IS_ENOUGH = 3

/** The last flush to a stand-in may be long ago, and Prometheus takes no sample that is an hour old. */
const OLDEST_ZERO_MS = 1_800_000

/** The cursor of the flush that begins. It is later than any before, with room for the zero of a series that returns. */
export function nextCursor(cursor: FlushCursor | undefined, nowMs: number): FlushCursor {
  if (!cursor) return { firstMs: nowMs, lastMs: nowMs, lastFullMs: 0, lastPartialMs: 0 }
  return { ...cursor, lastMs: Math.max(nowMs, cursor.lastMs + 2) }
}

/**
 * The time that zeros get. One ms after the flush before: at its very time there may be a stale marker, or the last total
 * of a series that now begins again, and Prometheus takes one sample for one time.
 */
export const zeroTimeMs = (before: FlushCursor | undefined, { nowMs, flushIntervalMs }: FlushTimes): number =>
  before && nowMs - before.lastMs < flushIntervalMs + OLDEST_ZERO_MS ? before.lastMs + 1 : nowMs - flushIntervalMs

export interface FlushTimes {
  readonly nowMs: number
  readonly flushIntervalMs: number
}

/**
 * A series may end when it is idle and every group has its last total. If it ended at one destination before another has
 * the total, and then returned, only one of the two could be right.
 */
export function mayEnd(series: KeptSeries, rules: FlushRules): boolean {
  const { key, changedMs, zeroSentTo } = series
  const { nowMs, cursors, staleAfterMs, isPending } = rules
  if (nowMs - changedMs < staleAfterMs || isPending(key)) return false
  return hasEveryGroup(series, rules, (name) => {
    if (!zeroSentTo.includes(name)) return false
    const { lastFullMs = 0, lastPartialMs = 0 } = cursors.get(name) ?? {}
    return lastFullMs > changedMs || lastPartialMs > changedMs + PARTLY_IS_ENOUGH * staleAfterMs
  })
}

function hasEveryGroup(
  { series }: KeptSeries,
  { groups, accepts }: FlushRules,
  hasIt: (destination: string) => boolean,
): boolean {
  return groups.every(({ members, need }) => {
    const asked = members.filter((name) => accepts(name, series))
    return asked.filter(hasIt).length >= Math.min(need, asked.length)
  })
}

/** The phase of a series at a destination; undefined when its end is settled there. */
export function phaseOf(series: KeptSeries, destination: string, rules: FlushRules): SeriesPhase | undefined {
  if (series.endSentTo.includes(destination)) return undefined
  if (!series.zeroSentTo.includes(destination)) return 'new'
  return mayEnd(series, rules) ? 'ending' : 'live'
}

/** Series whose end is settled in every group. Without destinations, these are the idle ones. */
export const removable = (all: Iterable<KeptSeries>, rules: FlushRules): SeriesKey[] =>
  Array.from(all)
    .filter(
      (series) => mayEnd(series, rules) && hasEveryGroup(series, rules, (name) => series.endSentTo.includes(name)),
    )
    .map(({ key }) => key)

export const inPhase = (series: KeptSeries, phase: SeriesPhase): SnapshotSeries => ({
  series: series.series,
  key: series.key,
  total: series.total,
  startMs: series.startMs,
  changedMs: series.changedMs,
  phase,
})

/** The part of this flush for one destination. */
export function planSeries(all: Iterable<KeptSeries>, destination: string, rules: FlushRules): Snapshot['series'] {
  const planned: SnapshotSeries[] = []
  for (const series of all) {
    if (!rules.accepts(destination, series.series)) continue
    const phase = phaseOf(series, destination, rules)
    if (phase) planned.push(inPhase(series, phase))
  }
  return planned
}
