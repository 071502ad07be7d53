import { seriesKey } from '../model/series-key.ts'
import type { FlushMark } from '../state/change.ts'
import type { Gauges } from '../state/backlog.ts'
import { selfSeries, type SelfGauge } from '../model/self-counts.ts'

export interface GaugeInput {
  readonly nowMs: number
  /** Series that are kept, these gauges not counted. */
  readonly series: number
  /** How far each destination is that was ever flushed to. */
  readonly marks: ReadonlyMap<string, FlushMark>
  /** How many gauges there is room for. */
  readonly room: number
}

/** Gauges are computed for a snapshot, and kept only with a window that is frozen. */
export function selfGauges({ nowMs, series, marks, room }: GaugeInput): Gauges {
  const lags = [...marks].map(([destination, { acceptedMs, sinceMs }]) => {
    const seconds = Math.max(0, nowMs - (acceptedMs || sinceMs)) / 1_000
    return gauge('pharos.export_lag', [['destination', destination]], seconds)
  })
  const count = Math.min(room, 1 + lags.length)
  return [gauge('pharos.series', [], series + count), ...lags].slice(0, count)
}

const gauge = (name: SelfGauge, attributes: readonly (readonly [string, string])[], value: number): Gauges[number] => [
  seriesKey(selfSeries('gauge', name, attributes)),
  value === 0 ? [] : [value],
]
