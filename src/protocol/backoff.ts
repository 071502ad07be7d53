/** First bound of the wait between tries, ms. */
export const BACKOFF_BASE_MS = 1_000

/** Longest wait of one's own choosing, ms; a `Retry-After` may ask for more. */
export const BACKOFF_CAP_MS = 300_000

/** Longest `Retry-After` that is obeyed, ms: a day. */
export const RETRY_AFTER_CAP_MS = 86_400_000

/**
 * How long to wait before the next try, ms: full jitter, so that clients that failed together do not come back together.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter", 2015.
 * @param failures consecutive failures so far, at least 1
 * @param random uniform in [0, 1)
 */
export const backoffMs = (failures: number, random: number): number =>
  random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures, 30))

/** `Retry-After` in ms, seconds or an HTTP date (RFC 9110, 10.2.3); undefined when missing or malformed. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (!header) return undefined
  // oxlint-disable-next-line no-restricted-globals -- reads a date, no clock
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY_AFTER_CAP_MS)
}
