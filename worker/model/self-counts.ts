import { addExact } from '../../src/protocol/exact-sum.ts'
import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import type { CanonicalAttributes, ExactSum, Histogram } from '../../src/protocol/types.ts'
import { seriesKey } from './series-key.ts'
import type { Delta, MetricKind, Series, SeriesKey } from './types.ts'

/** The metrics of Pharos itself that are counted at the edge. */
export type SelfCounter =
  | 'pharos.beacons'
  | 'pharos.batches'
  | 'pharos.dropped'
  | 'pharos.exports'
  | 'pharos.export_errors'
  | 'pharos.export_bytes'
  | 'pharos.export_dropped'

/** In seconds; the weight is in sessions. */
export type SelfHistogram = 'pharos.batch_age' | 'pharos.export_duration' | 'pharos.sample_weight'

export type SelfGauge = 'pharos.series' | 'pharos.export_lag'

/** Pharos's counts about itself that are not yet committed. */
export interface SelfCounts {
  readonly count: (key: SeriesKey, times?: number) => void
  readonly observe: (key: SeriesKey, seconds: number) => void
  readonly deltas: ReadonlyMap<SeriesKey, Delta>
  readonly clear: () => void
}

/** A series of Pharos itself: of no service and no release. Attributes sorted by name. */
export const selfSeries = (kind: MetricKind, name: string, attributes: CanonicalAttributes): Series => ({
  kind,
  name,
  service: '',
  release: '',
  attributes,
})

/** The series to count under. Callers keep it, because they count often. */
export const counterKey = (name: SelfCounter, attributes: CanonicalAttributes): SeriesKey =>
  seriesKey(selfSeries('counter', name, attributes))

export const droppedAtEdge = (reason: string): SeriesKey =>
  counterKey('pharos.dropped', [
    ['reason', reason],
    ['where', 'edge'],
  ])

export const histogramKey = (name: SelfHistogram, attributes: CanonicalAttributes): SeriesKey =>
  seriesKey(selfSeries('histogram', name, attributes))

export function createSelfCounts(): SelfCounts {
  const deltas = new Map<SeriesKey, Delta>()
  return {
    count: (key, times = 1) => {
      const sum = (deltas.get(key) as ExactSum | undefined) ?? []
      addExact(sum, times)
      deltas.set(key, sum)
    },
    observe: (key, seconds) => {
      const histogram = (deltas.get(key) as Histogram | undefined) ?? createHistogram()
      recordValue(histogram, seconds)
      deltas.set(key, histogram)
    },
    deltas,
    clear: () => {
      deltas.clear()
    },
  }
}
