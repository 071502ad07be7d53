import { selfSeries, type SelfGauge } from '../model/self-counts.ts'
import { parseSeriesKey, seriesKey } from '../model/series-key.ts'
import type { SnapshotSeries } from '../model/types.ts'
import type { FlushCursor } from '../state/change.ts'
import type { Gauges } from '../state/window.ts'

export interface GaugeInput {
  readonly nowMs: number
  /** Series that are kept, without these gauges. */
  readonly series: number
  /** The cursor of each destination that had a flush. */
  readonly cursors: ReadonlyMap<string, FlushCursor>
  /** Most gauges. */
  readonly room: number
}

/** The gauges of this moment. The totals do not have them. */
export function selfGauges({ nowMs, series, cursors, room }: GaugeInput): Gauges {
  const lags = [...cursors].map(([destination, cursor]) =>
    gauge('pharos.export_lag', [['destination', destination]], lagSeconds(cursor, nowMs)),
  )
  const count = Math.min(room, 1 + lags.length)
  return [gauge('pharos.series', [], series + count), ...lags].slice(0, count)
}

/** Time since everything that is counted was accepted, or since the first flush. */
export const lagSeconds = ({ lastFullMs, firstMs }: FlushCursor, nowMs: number): number =>
  Math.max(0, nowMs - (lastFullMs || firstMs)) / 1_000

/** Gauges as a snapshot carries them. They begin and change at every flush. */
export const gaugeSeries = (gauges: Gauges, nowMs: number): SnapshotSeries[] =>
  gauges.map(([key, total]) => ({
    key,
    total,
    series: parseSeriesKey(key),
    startMs: nowMs,
    changedMs: nowMs,
    phase: 'live',
  }))

const gauge = (name: SelfGauge, attributes: readonly (readonly [string, string])[], value: number): Gauges[number] => [
  seriesKey(selfSeries('gauge', name, attributes)),
  value === 0 ? [] : [value],
]
