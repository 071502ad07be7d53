/** What flows through the edge: batches in, totals, snapshots out. Data only. */
import type { CanonicalAttributes, DropReason, ExactSum, Histogram } from '../src/protocol/types.ts'

/** Gauges are the edge's own (self metrics); pages send counters and histograms. */
export type MetricKind = 'counter' | 'histogram' | 'gauge'

/** The identity of a series. `service` and `release` are '' where the page gave none. */
export interface Series {
  readonly kind: MetricKind
  readonly name: string
  readonly service: string
  readonly release: string
  readonly attributes: CanonicalAttributes
}

/** A series as canonical text (see aggregate/series-key.ts): equal text, equal series. */
export type SeriesKey = string

/** What is added to one series. */
export type Delta = ExactSum | Histogram

/** A batch that passed the policy: keyed deltas, ready to be added once. */
export interface AdmittedBatch {
  readonly session: string
  readonly sequence: number
  readonly ageMs: number
  readonly deltas: readonly (readonly [SeriesKey, Delta])[]
  /** Points the edge refused in this batch, by reason. Counted with the batch, so once. */
  readonly dropped: readonly DropReason[]
}

/** The cumulative total of one series. */
export interface SeriesTotal {
  readonly series: Series
  readonly key: SeriesKey
  /** An exact sum for a counter or gauge. */
  readonly total: Delta
  /** Edge clock when the series began (again), ms since 1970. */
  readonly startMs: number
  /** Edge clock of the last change, ms since 1970. */
  readonly changedMs: number
}

/** What a destination must do with a series in this flush. */
export type SeriesPhase = 'new' | 'live' | 'ending'

export interface SnapshotSeries extends SeriesTotal {
  readonly phase: SeriesPhase
}

/** All totals at one moment: the input of every exporter. Cumulative; nothing in it changes afterwards. */
export interface Snapshot {
  /** Edge clock of this flush, ms since 1970. Later than that of any flush before. */
  readonly timeMs: number
  /** Edge clock of the flush before: where the zero of a new series belongs. */
  readonly previousMs: number
  readonly series: readonly SnapshotSeries[]
}

/** One request of an export, as plain data: it can be stored, compared, retried byte for byte. */
export interface ExportRequest {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  /** What the engine applies before sending; a body already in its content coding says 'identity'. */
  readonly encoding: 'identity' | 'gzip'
  /** Keys of the series inside: what was delivered when it is accepted, and what can be bisected when it is refused. */
  readonly keys: readonly SeriesKey[]
}

/**
 * The requests of one flush, in order: every request of a step is settled before the next step begins.
 * Remote-write needs it: a zero must be stored before the first value.
 */
export interface ExportStep {
  readonly name: 'zeros' | 'values'
  readonly requests: readonly ExportRequest[]
}

/** An exporter: pure, from a snapshot to requests. No clock, storage or network. */
export interface Exporter {
  readonly encode: (snapshot: Snapshot) => readonly ExportStep[]
  /** Encodes again only these series of a step: used to bisect a refused request. */
  readonly encodeOnly: (
    snapshot: Snapshot,
    step: ExportStep['name'],
    keys: ReadonlySet<SeriesKey>,
  ) => readonly ExportRequest[]
  /** Reads the answer of a backend. */
  readonly outcome: (status: number) => 'accepted' | 'retry' | 'refused'
}

/** What the worker asks of the `Aggregator` object, over RPC. */
export interface AggregatorApi {
  /** Resolves when every batch is on durable storage, whether it is new or a duplicate. */
  ingest(batches: readonly AdmittedBatch[]): Promise<void>
  /** Counts a request that was refused before it had batches. */
  countRefused(reason: string): Promise<void>
  /** All totals now, self metrics included. */
  snapshot(): Promise<Snapshot>
  health(): Promise<readonly DestinationHealth[]>
}

/** A destination as `GET /health` shows it: no address, no secret. */
export interface DestinationHealth {
  readonly name: string
  readonly state: 'ok' | 'failing' | 'misconfigured' | 'unknown'
  readonly lastSuccessMs?: number
  readonly consecutiveFailures: number
}

/** What is known of a metric beyond its name. */
export interface MetricMetadata {
  readonly help?: string
  /** A base unit as UCUM writes it: 's', 'By', '1'. */
  readonly unit?: string
  /** Upper bounds of the classic histogram, ascending, without +Inf. */
  readonly buckets?: readonly number[]
}

export interface SeriesLimits {
  /** Series in all, overflow series included. */
  readonly maxSeries: number
  /** Series of one metric before the rest goes into its overflow series. */
  readonly maxSeriesPerMetric: number
  /** Metric names in all. */
  readonly maxMetrics: number
}

/** One place totals are pushed to. Secrets are named, never written out. */
export interface DestinationConfig {
  readonly name: string
  readonly kind: 'prometheus'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Name of the secret that holds a bearer token. */
  readonly bearerTokenSecret?: string
  /** Labels put on every series. */
  readonly externalLabels: Readonly<Record<string, string>>
  /** Series in one request. */
  readonly maxSeriesPerRequest: number
  /** How long one request may take, ms. */
  readonly timeoutMs: number
}

export interface Config {
  /** Origins that may send; '*' for any. Empty: only pages of the worker's own origin. */
  readonly origins: readonly string[]
  readonly destinations: readonly DestinationConfig[]
  readonly limits: SeriesLimits
  /** How often totals are pushed, ms. */
  readonly flushIntervalMs: number
  /** How long a series may stay unchanged before it ends, ms. */
  readonly staleAfterMs: number
  readonly metrics: Readonly<Record<string, MetricMetadata>>
  /** Accept only the names in `metrics`. */
  readonly catalogOnly: boolean
  /** Which parts of the resource become labels. */
  readonly resourceLabels: { readonly service: boolean; readonly release: boolean }
  /** Local development: `/metrics` needs no token. */
  readonly development: boolean
}
