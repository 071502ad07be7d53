// Pure: no I/O, no clock, no randomness.
import type { SnapshotSeries } from '../types.ts'
import type { Gauges } from './delta-tracks.ts'
import { parseSeriesKey } from './series-key.ts'

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
