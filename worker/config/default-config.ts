import type { Config } from './types.ts'

/** The configuration of a worker without any: pages of its own origin may send, totals are at `/metrics`. */
export const defaultConfig: Config = {
  origins: [],
  destinations: [],
  groups: [],
  maxParallelPushes: 6,
  debug: 'off',
  limits: { maxSeries: 10_000, maxSeriesPerMetric: 2_000, maxMetrics: 500 },
  flushIntervalMs: 15_000,
  staleAfterMs: 3_900_000,
  metrics: {},
  catalogOnly: false,
  reports: true,
  scaleSamples: true,
  page: {},
  resourceLabels: { service: true, release: true },
  development: false,
}
