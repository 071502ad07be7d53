// Pure: no I/O, no clock, no randomness.
import type { SeriesKey, SeriesPhase, Snapshot, SnapshotSeries } from '../types.ts'
import type { FlushMark } from './change.ts'
import type { KeptSeries } from './totals.ts'

/** What decides in which phase a series is. */
export interface FlushRules {
  readonly nowMs: number
  /** The destinations there are, by name. */
  readonly destinations: readonly string[]
  readonly marks: ReadonlyMap<string, FlushMark>
  readonly staleAfterMs: number
}

/**
 * When a destination takes its snapshots only in part, nobody knows whether this series was in that part. It may end
 * all the same after it was offered for this many times `staleAfterMs`: one poisoned series must not keep all others.
 */
const PARTLY_IS_ENOUGH = 3

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
  before ? before.flushedMs + 1 : nowMs - flushIntervalMs

export interface FlushTimes {
  readonly nowMs: number
  readonly flushIntervalMs: number
}

/**
 * A series may end when it is idle and its last total is at every destination. Were it to end at one before another has
 * it, and then return, the two could not both be right.
 */
export function mayEnd({ changedMs, introduced }: KeptSeries, rules: FlushRules): boolean {
  const { nowMs, destinations, marks, staleAfterMs } = rules
  if (nowMs - changedMs < staleAfterMs) return false
  return destinations.every((name) => {
    if (!introduced.includes(name)) return false
    const { acceptedMs = 0, reachedMs = 0 } = marks.get(name) ?? {}
    return acceptedMs > changedMs || reachedMs > changedMs + PARTLY_IS_ENOUGH * staleAfterMs
  })
}

/** The phase of a series at a destination; undefined when its end is settled there. */
export function phaseOf(series: KeptSeries, destination: string, rules: FlushRules): SeriesPhase | undefined {
  if (series.ended.includes(destination)) return undefined
  if (!series.introduced.includes(destination)) return 'new'
  return mayEnd(series, rules) ? 'ending' : 'live'
}

/** Series whose end is settled everywhere; without destinations the idle ones. */
export const removable = (all: Iterable<KeptSeries>, rules: FlushRules): SeriesKey[] =>
  Array.from(all)
    .filter((series) => mayEnd(series, rules) && rules.destinations.every((name) => series.ended.includes(name)))
    .map(({ key }) => key)

export const inPhase = (series: KeptSeries, phase: SeriesPhase): SnapshotSeries => ({
  series: series.series,
  key: series.key,
  total: series.total,
  startMs: series.startMs,
  changedMs: series.changedMs,
  phase,
})

/** What one destination gets in this flush. */
export function planSeries(all: Iterable<KeptSeries>, destination: string, rules: FlushRules): Snapshot['series'] {
  const planned: SnapshotSeries[] = []
  for (const series of all) {
    const phase = phaseOf(series, destination, rules)
    if (phase) planned.push(inPhase(series, phase))
  }
  return planned
}
