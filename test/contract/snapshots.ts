import { seriesKey } from '../../worker/model/series-key.ts'
import type { Attributes } from '../../src/protocol/types.ts'
import { canonicalAttributes } from '../../src/protocol/series.ts'
import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import type { PrometheusConfig } from '../../worker/destinations/prometheus/config.ts'
import type { Config } from '../../worker/config/types.ts'
import type { Delta, MetricKind, SeriesPhase, Snapshot, SnapshotSeries } from '../../worker/model/types.ts'

export interface SeriesOptions {
  readonly attributes?: Attributes
  readonly service?: string
  readonly release?: string
  readonly phase?: SeriesPhase
  readonly startMs?: number
}

function seriesOf(kind: MetricKind, name: string, options: SeriesOptions & { total: Delta }): SnapshotSeries {
  const { service = '', release = '', phase = 'live', startMs = 1_000, total } = options
  const series = { kind, name, service, release, attributes: canonicalAttributes(options.attributes) ?? [] }
  return { series, key: seriesKey(series), total, startMs, changedMs: startMs, phase }
}

export const counterOf = (name: string, value: number, options: SeriesOptions = {}): SnapshotSeries =>
  seriesOf('counter', name, { ...options, total: value === 0 ? [] : [value] })

export const gaugeOf = (name: string, value: number, options: SeriesOptions = {}): SnapshotSeries =>
  seriesOf('gauge', name, { ...options, total: value === 0 ? [] : [value] })

export function histogramOf(name: string, values: readonly number[], options: SeriesOptions = {}): SnapshotSeries {
  const total = createHistogram()
  for (const value of values) recordValue(total, value)
  return seriesOf('histogram', name, { ...options, total })
}

/** A flush at 20 s, after one at 10 s. */
export const snapshotOf = (...series: readonly SnapshotSeries[]): Snapshot => ({
  temporality: 'cumulative',
  timeMs: 20_000,
  previousMs: 10_000,
  series,
})

export const testConfig = (changes: Partial<Config> = {}): Config => ({
  origins: [],
  destinations: [],
  groups: [],
  maxParallelPushes: 6,
  debug: 'off',
  limits: { maxSeries: 10_000, maxSeriesPerMetric: 2_000, maxMetrics: 500 },
  flushIntervalMs: 10_000,
  staleAfterMs: 3_600_000,
  metrics: {},
  catalogOnly: false,
  reports: true,
  scaleSamples: true,
  page: {},
  resourceLabels: { service: true, release: true },
  development: false,
  ...changes,
})

/** What every kind of destination has, with a route that takes everything. */
export const testDestinationBase = {
  name: 'main',
  enabled: true,
  url: 'https://receiver.example/api/v1/write',
  headers: {},
  credentials: [],
  route: { include: [], exclude: [], where: {} },
  mapping: [],
  intervalMs: 0,
  maxSeriesPerRequest: 2_000,
  timeoutMs: 10_000,
} as const

export const testDestination = (changes: Partial<PrometheusConfig> = {}): PrometheusConfig => ({
  ...testDestinationBase,
  kind: 'prometheus',
  version: '1.0',
  histograms: 'classic',
  names: 'legacy',
  externalLabels: {},
  ...changes,
})
