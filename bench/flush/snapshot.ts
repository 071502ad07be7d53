import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import type { Histogram } from '../../src/protocol/types.ts'
import type { Snapshot, SnapshotSeries, Temporality } from '../../worker/model/types.ts'

export interface SnapshotOptions {
  readonly counters: number
  readonly histograms: number
}

const TIME_MS = 1_800_000_000_000
const SERIES_PER_METRIC = 100
const OBSERVATIONS = 100

/** Totals of a site, or what was added to them: metrics of a hundred series each, three attributes on a series. */
export function createSnapshot({ counters, histograms }: SnapshotOptions, temporality: Temporality): Snapshot {
  const of = (kind: 'counter' | 'histogram', i: number): SnapshotSeries => {
    const name = `${kind === 'counter' ? 'shop.clicks' : 'shop.duration'}.${Math.floor(i / SERIES_PER_METRIC)}`
    const attributes = [
      ['browser', `Browser ${i % 5}`],
      ['country', `C${i % 20}`],
      ['page', `/products/${i}`],
    ] as const
    const series = { kind, name, service: 'shop', release: '1.4.2', attributes }
    const key = JSON.stringify([kind, name, 'shop', '1.4.2', ...attributes.flat()])
    const total = kind === 'counter' ? [1 + i * 7] : observed(i)
    return { series, key, total, startMs: TIME_MS - 3_600_000, changedMs: TIME_MS - 1_000, phase: 'live' }
  }
  const series = [
    ...Array.from({ length: counters }, (_, i) => of('counter', i)),
    ...Array.from({ length: histograms }, (_, i) => of('histogram', i)),
  ]
  return { temporality, timeMs: TIME_MS, previousMs: TIME_MS - 10_000, series }
}

/** Durations over three decades, in seconds. */
function observed(seed: number): Histogram {
  const histogram = createHistogram()
  for (let i = 0; i < OBSERVATIONS; i++)
    recordValue(histogram, 10 ** (((i * 7_919 + seed * 104_729) % 3_000) / 1_000 - 2))
  return histogram
}
