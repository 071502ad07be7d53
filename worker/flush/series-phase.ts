import type { Series, SeriesKey, SeriesPhase, Snapshot, SnapshotSeries } from '../model/types.ts'
import type { FlushMark } from '../state/change.ts'
import type { KeptSeries } from '../state/totals.ts'

/** The facts that decide in which phase a series is. */
export interface FlushRules {
  readonly nowMs: number
  /** The groups of cumulative destinations. */
  readonly groups: readonly FlushGroup[]
  /** Whether a destination takes the series at all. */
  readonly accepts: (destination: string, series: Series) => boolean
  /** Whether something of the series waits for a delta destination. */
  readonly isWaiting: (key: SeriesKey) => boolean
  readonly marks: ReadonlyMap<string, FlushMark>
  readonly staleAfterMs: number
}

/** Destinations that stand in for each other, and how many of them must have what is counted. */
export interface FlushGroup {
  readonly members: readonly string[]
  readonly need: number
}

/**
 * When a destination takes its snapshots only in part, it is unknown whether this series was in that part. It may end
 * all the same after it was offered for this many times `staleAfterMs`: one poisoned series must not keep all others.
 */
const PARTLY_IS_ENOUGH = 3

/** A destination that stood by may have had its last flush long ago: Prometheus takes no sample an hour old. */
const OLDEST_ZERO_MS = 1_800_000

/** The mark of the flush that begins: later than any before, with room for the zero of a series that returns. */
export function nextMark(mark: FlushMark | undefined, nowMs: number): FlushMark {
  if (!mark) return { sinceMs: nowMs, flushedMs: nowMs, acceptedMs: 0, reachedMs: 0 }
  return { ...mark, flushedMs: Math.max(nowMs, mark.flushedMs + 2) }
}

/**
 * The time that zeros get. One ms after the flush before: at its very time there may be a stale marker, or the last total
 * of a series that now begins again, and Prometheus takes one sample for one time.
 */
export const zeroTimeMs = (before: FlushMark | undefined, { nowMs, flushIntervalMs }: FlushTimes): number =>
  before && nowMs - before.flushedMs < flushIntervalMs + OLDEST_ZERO_MS ? before.flushedMs + 1 : nowMs - flushIntervalMs

export interface FlushTimes {
  readonly nowMs: number
  readonly flushIntervalMs: number
}

/**
 * A series may end when it is idle and its last total is wherever it must be. Were it to end at one destination before another
 * has it, and then return, the two could not both be right.
 */
export function mayEnd(series: KeptSeries, rules: FlushRules): boolean {
  const { key, changedMs, introduced } = series
  const { nowMs, marks, staleAfterMs, isWaiting } = rules
  if (nowMs - changedMs < staleAfterMs || isWaiting(key)) return false
  return isWhereItMust(series, rules, (name) => {
    if (!introduced.includes(name)) return false
    const { acceptedMs = 0, reachedMs = 0 } = marks.get(name) ?? {}
    return acceptedMs > changedMs || reachedMs > changedMs + PARTLY_IS_ENOUGH * staleAfterMs
  })
}

function isWhereItMust(
  { series }: KeptSeries,
  { groups, accepts }: FlushRules,
  isThere: (destination: string) => boolean,
): boolean {
  return groups.every(({ members, need }) => {
    const asked = members.filter((name) => accepts(name, series))
    return asked.filter(isThere).length >= Math.min(need, asked.length)
  })
}

/** The phase of a series at a destination; undefined when its end is settled there. */
export function phaseOf(series: KeptSeries, destination: string, rules: FlushRules): SeriesPhase | undefined {
  if (series.ended.includes(destination)) return undefined
  if (!series.introduced.includes(destination)) return 'new'
  return mayEnd(series, rules) ? 'ending' : 'live'
}

/** Series whose end is settled wherever it must be; without destinations the idle ones. */
export const removable = (all: Iterable<KeptSeries>, rules: FlushRules): SeriesKey[] =>
  Array.from(all)
    .filter((series) => mayEnd(series, rules) && isWhereItMust(series, rules, (name) => series.ended.includes(name)))
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
