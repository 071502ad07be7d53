/** The statuses after which the same request may succeed later. Every other failure is a refusal. */

const SERVER_ERRORS: readonly number[] = Array.from({ length: 100 }, (_, i) => 500 + i)

/**
 * For receivers that document no list of their own: time-out, too early, too many requests, trouble of the server or of a proxy, and
 * Cloudflare's words for a server that it cannot reach (https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/).
 * 501 and 505 are left out, because they say what a server never does (RFC 9110, 15.6).
 */
export const DEFAULT_RETRY_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]

/** A sender must retry 5xx, may retry 429, and must not retry another 4xx (https://prometheus.io/docs/specs/prw/remote_write_spec/#retries--backoff). */
export const REMOTE_WRITE_RETRY_STATUSES: readonly number[] = [429, ...SERVER_ERRORS]

/** A 500 must not be retried (https://opentelemetry.io/docs/specs/otlp/#failures-1). */
export const OTLP_RETRY_STATUSES: readonly number[] = [429, 502, 503, 504]

/** Those of Datadog's own clients (https://github.com/DataDog/datadog-api-client-python/pull/2945). */
export const DATADOG_RETRY_STATUSES: readonly number[] = [408, 429, ...SERVER_ERRORS]

/** Those of New Relic's SDKs (https://github.com/newrelic/newrelic-telemetry-sdk-specs/blob/master/communication.md#response-codes). */
export const NEW_RELIC_RETRY_STATUSES: readonly number[] = [408, 429, ...SERVER_ERRORS]
