/** Every limit of the wire, with its unit and its reason. docs/PROTOCOL.md repeats them and a test holds the two together. */

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

/** Points in one batch. */
export const MAX_POINTS_PER_BATCH = 200

/** Bytes of one sealed batch, so that several fit a body. */
export const MAX_BATCH_BYTES = 16_384

/** Largest magnitude of a value, so that the sum of 2^53 of them is still a finite double. */
export const MAX_VALUE = 1e290

/** Largest magnitude of the sum in one point: ten thousand of the largest values. A total of 10^14 such points is still finite. */
export const MAX_SUM = 1e294

/**
 * Parts of an exact sum. Between the largest and the smallest bit of a double lie 2,098 bits, and a part of a compressed
 * sum stands at least 52 bits above the next.
 */
export const MAX_SUM_PARTS = 41

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

/** Sessions that one session may stand for. MAX_VALUE times this is MAX_SUM, so a lone observation always fits. */
export const MAX_WEIGHT = 10_000

/** Characters of a session id: 12 random bytes in base64url. */
export const SESSION_LENGTH = 16
