import type {
  ArchiveConfig,
  DatadogConfig,
  DestinationConfig,
  HttpConfig,
  NewRelicConfig,
  OtlpConfig,
  PrometheusConfig,
  PushgatewayConfig,
} from './destination-types.ts'
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

/** The defaults of every destination. */
export const destinationDefaults: Pick<
  DestinationConfig,
  'enabled' | 'headers' | 'credentials' | 'route' | 'mapping' | 'intervalMs' | 'maxSeriesPerRequest' | 'timeoutMs'
> = {
  enabled: true,
  headers: {},
  credentials: [],
  route: { include: ['*'], exclude: [], where: {} },
  mapping: [],
  intervalMs: 0,
  maxSeriesPerRequest: 2_000,
  timeoutMs: 10_000,
}

export const prometheusDefaults: Pick<PrometheusConfig, 'version' | 'histograms' | 'names' | 'externalLabels'> = {
  version: '1.0',
  histograms: 'classic',
  names: 'legacy',
  externalLabels: {},
}

export const otlpDefaults: Pick<
  OtlpConfig,
  'encoding' | 'compression' | 'temporality' | 'histograms' | 'resourceAttributes'
> = {
  encoding: 'protobuf',
  compression: 'gzip',
  temporality: 'cumulative',
  histograms: 'exponential',
  resourceAttributes: {},
}

export const datadogDefaults: Pick<DatadogConfig, 'namespace' | 'tags' | 'histograms'> & {
  readonly site: string
  readonly apiKeySecret: string
} = {
  site: 'datadoghq.com',
  apiKeySecret: 'DD_API_KEY',
  namespace: '',
  tags: {},
  histograms: 'distribution',
}

export const newRelicDefaults: Pick<NewRelicConfig, 'commonAttributes' | 'inDoubt'> & {
  readonly region: 'us' | 'eu'
  readonly apiKeySecret: string
} = {
  region: 'us',
  apiKeySecret: 'NEW_RELIC_LICENSE_KEY',
  commonAttributes: {},
  inDoubt: 'drop',
}

export const pushgatewayDefaults: Pick<PushgatewayConfig, 'job' | 'grouping' | 'externalLabels'> = {
  job: 'pharos',
  grouping: {},
  externalLabels: {},
}

/** Templates and statuses are those of destinations/http/. */
export const httpDefaults: Pick<HttpConfig, 'method' | 'temporality'> = { method: 'POST', temporality: 'cumulative' }

/** The path is that of destinations/archive/path.ts. */
export const archiveDefaults: Pick<
  ArchiveConfig,
  'format' | 'compression' | 'intervalMs' | 'maxSeriesPerRequest' | 'rotateBytes'
> = {
  format: 'jsonl',
  compression: 'gzip',
  intervalMs: 300_000,
  // A file ends by its bytes; few files are easier to read than many.
  maxSeriesPerRequest: 100_000,
  rotateBytes: 16 * 1_048_576,
}
