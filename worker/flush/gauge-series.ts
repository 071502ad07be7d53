import type { SnapshotSeries } from '../model/types.ts'
import type { Gauges } from '../state/backlog.ts'
import { parseSeriesKey } from '../model/series-key.ts'

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
