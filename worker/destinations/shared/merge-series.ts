import { mergeExact } from '../../../src/protocol/exact-sum.ts'
import { copyHistogram, mergeHistogram } from '../../../src/protocol/histogram.ts'
import type { Delta, SeriesKey, SeriesPhase, SnapshotSeries } from '../../model/types.ts'

/** One series of a backend: the sum of all our series whose names and attributes are the same there. */
export interface OutputSeries {
  /** The series that it stands for, but no ending one while another of them lives. */
  readonly keys: readonly SeriesKey[]
  readonly phase: SeriesPhase
  readonly startMs: number
  readonly total: Delta
}

/** Groups series by `idOf`, sorted by it: the same totals always give the same answer. */
export function groupBy(
  series: readonly SnapshotSeries[],
  idOf: (series: SnapshotSeries) => string,
): (readonly [id: string, members: readonly SnapshotSeries[]])[] {
  const groups = new Map<string, SnapshotSeries[]>()
  for (const one of series) {
    const id = idOf(one)
    const group = groups.get(id)
    if (group) group.push(one)
    else groups.set(id, [one])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Series of one kind that are the same series at the backend, as that one. */
export function mergeSeries(members: readonly SnapshotSeries[]): OutputSeries {
  const [only] = members
  // Nearly always, and this runs for every series of every flush.
  if (only && members.length === 1)
    return { keys: [only.key], phase: only.phase, startMs: only.startMs, total: only.total }
  const phase = commonPhase(members)
  const answering = phase === 'live' ? members.filter((member) => member.phase !== 'ending') : members
  return {
    keys: answering.map(({ key }) => key),
    phase,
    startMs: Math.min(...members.map(({ startMs }) => startMs)),
    total: sumOf(members.map(({ total }) => total)),
  }
}

// New or ending only when all of it is: a zero or a stale marker is for the series as the backend knows it.
function commonPhase(members: readonly SnapshotSeries[]): SeriesPhase {
  const phase = members[0]!.phase
  return members.every((member) => member.phase === phase) ? phase : 'live'
}

function sumOf([first, ...rest]: readonly Delta[]): Delta {
  const sum: Delta = Array.isArray(first) ? [...first] : copyHistogram(first!)
  for (const total of rest) {
    if (Array.isArray(sum)) mergeExact(sum, total as number[])
    else mergeHistogram(sum, total as Exclude<Delta, number[]>)
  }
  return sum
}
