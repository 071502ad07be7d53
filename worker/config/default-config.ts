import type { Config, DestinationConfig } from './types.ts'

/** What a worker without any configuration does: pages of its own origin may send, totals are at `/metrics`. */
export const defaultConfig: Config = {
  origins: [],
  destinations: [],
  groups: [],
  maxParallelPushes: 6,
  debug: 'off',
  limits: { maxSeries: 10_000, maxSeriesPerMetric: 2_000, maxMetrics: 500 },
  flushIntervalMs: 15_000,
  staleAfterMs: 3_600_000,
  metrics: {},
  catalogOnly: false,
  resourceLabels: { service: true, release: true },
  development: false,
}

/** What a destination has where its configuration is silent. */
export const destinationDefaults: Pick<
  DestinationConfig,
  'headers' | 'externalLabels' | 'maxSeriesPerRequest' | 'timeoutMs'
> = {
  headers: {},
  externalLabels: {},
  maxSeriesPerRequest: 2_000,
  timeoutMs: 10_000,
}
