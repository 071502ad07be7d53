// Pure: no I/O, no clock, no randomness.
import { addExact } from '../../src/protocol/exact-sum.ts'
import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import type { CanonicalAttributes, ExactSum, Histogram } from '../../src/protocol/types.ts'
import { seriesKey } from '../aggregate/series-key.ts'
import type { Delta, MetricKind, Series, SeriesKey } from '../types.ts'

/** The metrics of Pharos itself that are counted at the edge. */
export type SelfCounter = 'pharos.beacons' | 'pharos.batches' | 'pharos.dropped' | 'pharos.exports'

/** In seconds. */
export type SelfHistogram = 'pharos.batch_age' | 'pharos.export_duration'

export type SelfGauge = 'pharos.series' | 'pharos.export_lag'

/** What Pharos counted about itself and has not yet committed. */
export interface SelfCounts {
  /** Attributes sorted by name. */
  readonly count: (name: SelfCounter, attributes: CanonicalAttributes, times?: number) => void
  readonly observe: (name: SelfHistogram, attributes: CanonicalAttributes, seconds: number) => void
  readonly deltas: ReadonlyMap<SeriesKey, Delta>
  readonly clear: () => void
}

/** A series of Pharos itself: of no service and no release. */
export const selfSeries = (kind: MetricKind, name: string, attributes: CanonicalAttributes): Series => ({
  kind,
  name,
  service: '',
  release: '',
  attributes,
})

export function createSelfCounts(): SelfCounts {
  const deltas = new Map<SeriesKey, Delta>()
  const held = <D extends Delta>(series: Series, create: () => D): D => {
    const key = seriesKey(series)
    const delta = (deltas.get(key) as D | undefined) ?? create()
    deltas.set(key, delta)
    return delta
  }
  return {
    count: (name, attributes, times = 1) => {
      addExact(
        held(selfSeries('counter', name, attributes), (): ExactSum => []),
        times,
      )
    },
    observe: (name, attributes, seconds) => {
      recordValue(
        held(selfSeries('histogram', name, attributes), (): Histogram => createHistogram()),
        seconds,
      )
    },
    deltas,
    clear: () => {
      deltas.clear()
    },
  }
}
