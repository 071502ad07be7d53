/** The kinds of destinations, defaults filled in. Data only. */
import type { Temporality } from '../model/types.ts'

/** A header whose value is a secret, named and never written out. */
export interface Credential {
  /** In lower case. */
  readonly header: string
  readonly secret: string
  readonly scheme: 'plain' | 'bearer' | 'basic'
  /** With 'basic'. */
  readonly username?: string
}

/** Which series a destination gets. Globs: `*` stands for any characters, `?` for one. */
export interface Route {
  /** Globs on the metric's name. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Every attribute named here must match one of its globs; `service` and `release` count as attributes, a missing one is ''. */
  readonly where: Readonly<Record<string, readonly string[]>>
}

/** How a destination sees a metric. The first rule that matches holds. */
export interface MappingRule {
  /** A glob on the metric's name. */
  readonly match: string
  /** Not sent at all. */
  readonly drop?: boolean
  /** The new name; `*` stands for what the first `*` of `match` stood for. */
  readonly rename?: string
  /** A histogram as a counter of its observations; a counter as a gauge (cumulative destinations only). */
  readonly type?: 'counter' | 'gauge'
  readonly help?: string
  readonly addAttributes?: Readonly<Record<string, string>>
  readonly dropAttributes?: readonly string[]
}

interface DestinationBase {
  readonly name: string
  readonly enabled: boolean
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: readonly Credential[]
  readonly route: Route
  readonly mapping: readonly MappingRule[]
  /** Least time between two flushes of this destination, ms. 0: every flush. */
  readonly intervalMs: number
  /** Series in one request. */
  readonly maxSeriesPerRequest: number
  /** How long one request may take, ms. */
  readonly timeoutMs: number
}

export interface PrometheusConfig extends DestinationBase {
  readonly kind: 'prometheus'
  readonly version: '1.0' | '2.0'
  readonly histograms: 'classic' | 'native' | 'both'
  /** 'legacy': letters, digits and `_`, the unit and `_total` at the end. 'utf8': dots stay, the suffixes are the same. */
  readonly names: 'legacy' | 'utf8'
  readonly externalLabels: Readonly<Record<string, string>>
}

export interface OtlpConfig extends DestinationBase {
  readonly kind: 'otlp'
  readonly encoding: 'protobuf' | 'json'
  readonly compression: 'gzip' | 'none'
  readonly temporality: Temporality
  readonly histograms: 'exponential' | 'explicit'
  readonly resourceAttributes: Readonly<Record<string, string>>
}

export interface DatadogConfig extends DestinationBase {
  /** `url` is the base: `https://api.datadoghq.com`. */
  readonly kind: 'datadog'
  /** Put before every name, with a dot. '' for none. */
  readonly namespace: string
  readonly tags: Readonly<Record<string, string>>
  /** 'distribution': sketches, quantiles in Datadog. 'counts': `.count`, `.sum` and `.bucket` counts, which a retry can never double. */
  readonly histograms: 'distribution' | 'counts'
}

export interface NewRelicConfig extends DestinationBase {
  /** `url` is the base: `https://metric-api.newrelic.com`. */
  readonly kind: 'newrelic'
  readonly commonAttributes: Readonly<Record<string, string>>
  readonly inDoubt: 'resend' | 'drop'
}

export interface PushgatewayConfig extends DestinationBase {
  /** `url` is the base: `http://pushgateway:9091`. */
  readonly kind: 'pushgateway'
  readonly job: string
  readonly grouping: Readonly<Record<string, string>>
  readonly externalLabels: Readonly<Record<string, string>>
}

export interface HttpConfig extends DestinationBase {
  readonly kind: 'http'
  readonly method: 'POST' | 'PUT'
  readonly temporality: Temporality
  /** The body: JSON in which "{{series}}", "{{timeMs}}" and the like are filled in (see destinations/http/template.ts). */
  readonly template: unknown
  /** The value of "{{series}}" for each series. */
  readonly seriesTemplate: unknown
  readonly retryStatuses: readonly number[]
}

export interface ArchiveConfig extends DestinationBase {
  /** `url` is `r2://BINDING`. */
  readonly kind: 'archive'
  readonly format: 'jsonl' | 'csv'
  readonly compression: 'gzip' | 'none'
  /** Template of the file's name. */
  readonly path: string
  /** Bytes after which a file is closed before its time. No file holds more. */
  readonly rotateBytes: number
}

export interface ConsoleConfig extends DestinationBase {
  readonly kind: 'console'
  readonly temporality: Temporality
}

export interface MemoryConfig extends DestinationBase {
  readonly kind: 'memory'
  readonly temporality: Temporality
}

/** One place totals are pushed to. */
export type DestinationConfig =
  | PrometheusConfig
  | OtlpConfig
  | DatadogConfig
  | NewRelicConfig
  | PushgatewayConfig
  | HttpConfig
  | ArchiveConfig
  | ConsoleConfig
  | MemoryConfig

export type DestinationKind = DestinationConfig['kind']
