/** Every limit of the wire, with its unit and its reason. docs/PROTOCOL.md repeats them and a test holds the two together. */
export * from './page-limits.ts'

/** Characters of a metric name. */
export const MAX_NAME_LENGTH = 128

/** Attributes on one point, those of the resource not counted. */
export const MAX_ATTRIBUTES = 16

/** Characters of an attribute name. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 64

/** UTF-16 code units of an attribute value, of `service` and of `release`. Longer values are refused, not cut: a cut value is a wrong value. */
export const MAX_ATTRIBUTE_VALUE_LENGTH = 128

/** Bytes of a request body: the budget browsers share among all beacons in flight (Fetch, "inflightKeepaliveBytes"). */
export const MAX_BODY_BYTES = 65_536

/** Batches in one request body. */
export const MAX_BATCHES_PER_BODY = 500

/** Largest magnitude of the sum of one series in a batch: ten thousand of the largest values. A total of 10^14 of them is still finite. */
export const MAX_SUM = 1e294

/** Numbers of one point that travel as they were recorded: observations of a histogram, parts of a sum. */
export const MAX_VALUES = 1_024

/** Largest count or sequence number: the last integer a double holds exactly. */
export const MAX_COUNT: number = Number.MAX_SAFE_INTEGER

/** Milliseconds after sealing for which a page offers a batch and the edge takes it. */
export const RETENTION_MS: number = 72 * 3_600_000

/** Buckets a sign of a histogram; beyond, the scale is lowered. Source: OpenTelemetry SDK, default `MaxSize`. */
export const MAX_BUCKETS = 160

/** Finest scale: base 1.0027, worst relative error 0.14 %. */
export const MAX_SCALE = 8

/** Coarsest scale a histogram of doubles can need to fit MAX_BUCKETS. */
export const MIN_SCALE = -4

/** Characters of a session id: 82 random bits in the letters and digits that a page uses. */
export const SESSION_LENGTH = 16
