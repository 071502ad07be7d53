/** The data of the edge: batches in, totals, snapshots out. */
import type { CanonicalAttributes, DropReason, ExactSum, Histogram } from '../../src/protocol/types.ts'

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

/** A series as canonical text (see model/series-key.ts): equal text, equal series. */
export type SeriesKey = string

/** The addition to one series. */
export type Delta = ExactSum | Histogram

/** Why the edge does not count something that was sent; pages have reasons of their own beside these. */
export type EdgeDropReason = DropReason | 'origin_not_allowed'

/** A batch that passed the policy: keyed deltas, ready to be added once. */
export interface AdmittedBatch {
  readonly session: string
  readonly sequence: number
  readonly ageMs: number
  readonly deltas: readonly (readonly [SeriesKey, Delta])[]
  /** Points the edge refused in this batch, by reason. Counted with the batch, so once. */
  readonly dropped: readonly EdgeDropReason[]
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

/** The step of a destination for a series in this flush. */
export type SeriesPhase = 'new' | 'live' | 'ending'

export interface SnapshotSeries extends SeriesTotal {
  readonly phase: SeriesPhase
}

/** Cumulative: totals since the beginning. Delta: additions of a window. Source: OpenTelemetry data model, "Temporality". */
export type Temporality = 'cumulative' | 'delta'

/** The input of every exporter. Nothing in it changes afterwards. */
export interface Snapshot {
  /** With 'delta' a `total` holds the additions from `previousMs` to `timeMs`, and every phase is 'live'. A gauge has its present value. */
  readonly temporality: Temporality
  /** Edge clock of this flush, ms since 1970. Later than that of any flush before. */
  readonly timeMs: number
  /** Edge clock of the flush before: where the zero of a new series belongs, where a window begins. */
  readonly previousMs: number
  readonly series: readonly SnapshotSeries[]
}

/** One request of an export, as plain data: it can be stored, compared, retried byte for byte. */
export interface ExportRequest {
  readonly method: 'POST' | 'PUT'
  /** The scheme chooses the transport: https: and http: the network, r2: a bucket (`r2://BINDING/key`), console:, memory: (`memory:name`). */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
  /** The coding that the engine applies before sending; a body already in its content coding says 'identity'. */
  readonly encoding: 'identity' | 'gzip'
  /** Keys of the series inside: delivered when the request is accepted, bisected when it is refused. */
  readonly keys: readonly SeriesKey[]
  /**
   * What to do when no answer came and it is unknown whether the request was stored: 'resend' the same bytes (the receiver takes them once),
   * or 'drop' it and count it, because the receiver would count it twice.
   */
  readonly inDoubt: 'resend' | 'drop'
}

/**
 * The requests of one flush, in order: every request of a step is settled before the next step begins.
 * Remote-write needs it: a zero must be stored before the first value. Delta exporters have the step `values` only.
 */
export interface ExportStep {
  readonly name: 'zeros' | 'values'
  readonly requests: readonly ExportRequest[]
}

/** The answer of a backend. */
export interface Answer {
  readonly status: number
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** At most 64 KiB of it. */
  readonly body: Uint8Array
}

/** The meaning of an answer. */
export type Verdict =
  /** `rejected`: points that the receiver says it dropped all the same. `warning`: its message for the operator. */
  | { readonly type: 'accepted'; readonly rejected?: number; readonly warning?: string }
  | { readonly type: 'retry' }
  | { readonly type: 'refused' }
  /** The receiver does not speak this version, and stored nothing: go on with the exporter's `fallback`. */
  | { readonly type: 'unsupported' }

/** An exporter: pure, from a snapshot to requests. No clock, storage or network. */
export interface Exporter {
  /** Which snapshots it wants. */
  readonly temporality: Temporality
  /** Its protocol, for the operator: 'remote-write 2.0', 'OTLP/HTTP protobuf'. */
  readonly protocol: string
  readonly encode: (snapshot: Snapshot) => readonly ExportStep[]
  /**
   * Encodes again only these series of a step: used to bisect a refused request, and to send a request in doubt once more. With the
   * keys of one request it gives that request, byte for byte.
   */
  readonly encodeOnly: (
    snapshot: Snapshot,
    step: ExportStep['name'],
    keys: ReadonlySet<SeriesKey>,
  ) => readonly ExportRequest[]
  readonly readAnswer: (answer: Answer) => Verdict
  /** Used from the first answer 'unsupported' on, beginning with the same snapshot. */
  readonly fallback?: Exporter
  /** A request that changes nothing, to ask a receiver that was down before it is given anything to lose. */
  readonly probe?: ExportRequest
  /** Finest step of its time stamps, ms: no two windows may fall into one. @default 1 */
  readonly resolutionMs?: number
  /** How old a window may be for the receiver to take it, ms. @default Infinity */
  readonly maxAgeMs?: number
  /** Bytes waiting after which it wants a window before its interval is over. @default Infinity */
  readonly rotateBytes?: number
}
