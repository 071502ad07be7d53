/** Wire and domain types shared by the page and the edge. The wire is specified in docs/PROTOCOL.md. */

export type AttributeValue = string | number | boolean

/** They tell the series of one metric apart: labels in Prometheus, tags in Datadog. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** Attributes as series identity: values as text, sorted by name, no name twice. */
export type CanonicalAttributes = readonly (readonly [name: string, value: string])[]

/** The sender. `attributes` are put on every series of the session. */
export interface Resource {
  readonly service?: string
  readonly release?: string
  readonly attributes?: Attributes
}

/** The exact sum of finite numbers, as parts that do not overlap (see exact-sum.ts). */
export type ExactSum = number[]

/**
 * A sparse base-2 exponential histogram: bucket `i` holds the values in (base^i, base^(i+1)] with base = 2^(2^-scale).
 * The count is `zero` plus all buckets, so it cannot disagree with them.
 * Source: OpenTelemetry data model, "ExponentialHistogram".
 */
export interface Histogram {
  scale: number
  zero: number
  readonly positive: Map<number, number>
  readonly negative: Map<number, number>
  readonly sum: ExactSum
}

/** A number, or up to MAX_VALUES numbers whose exact sum it is. */
export type WireSum = number | readonly number[]

/** Buckets as a flat list: first index, count, gap to the next index, count, ... Gaps are at least 1. */
export type WireBuckets = readonly number[]

/**
 * A lone observation travels as its value, a few as a list in a list, and many as buckets. Defaults: scale 8, zero 0,
 * negative [].
 */
export type WireHistogram =
  | number
  | readonly [observations: readonly number[]]
  | readonly [sum: WireSum, positive: WireBuckets, scale?: number, zero?: number, negative?: WireBuckets]

export type CounterPoint = readonly [name: string, increase: WireSum, attributes?: Attributes]
export type HistogramPoint = readonly [name: string, histogram: WireHistogram, attributes?: Attributes]

/** Deltas of one window of one session. Final when sealed; `(session, sequence)` is its identity. */
export type WireBatch = readonly [
  sequence: number,
  sealedMs: number,
  counters: readonly CounterPoint[],
  histograms: readonly HistogramPoint[],
]

export interface WireGroup {
  readonly session: string
  /** How many sessions this one stands for, where not all are recorded. @default 1 */
  readonly weight?: number
  readonly resource: Resource
  readonly batches: readonly WireBatch[]
}

/** The body of `POST /v1/beacon`. Both clocks are the page's: only `sent - sealedMs`, an age, is ever used. */
export interface WireEnvelope {
  readonly v: 1
  readonly sent: number
  readonly groups: readonly WireGroup[]
}

/** Why a record will not be counted: the `reason` of `pharos_dropped_total`. */
export type DropReason =
  | 'bad_name'
  | 'bad_value'
  | 'bad_attributes'
  | 'bad_shape'
  | 'bad_resource'
  | 'reserved_name'
  | 'unknown_metric'
  | 'metric_limit'
  | 'series_limit'
  | 'filtered'
  | 'outbox_full'
  | 'expired'
  | 'in_doubt'
  | 'rejected'
  | 'too_large'
