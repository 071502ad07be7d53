import { encodeEnvelope } from '../protocol/envelope.ts'
import { now } from './clock.ts'
import type { Entry } from './types.ts'

/** Longest that a request takes, ms. Requests without an answer block later requests to the same host. */
export const REQUEST_TIMEOUT_MS = 10_000

/**
 * Sends batches in one body. A string is sent as text, which needs no preflight; the request carries no cookie and outlives the page.
 * The browser follows a redirect: if it ends at something that is not Pharos, the answer has no mark.
 */
export const send = (url: string, entries: readonly Entry[]): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    keepalive: true,
    credentials: 'omit',
    body: encodeEnvelope(entries, now()),
    // Safari 15 has no `AbortSignal.timeout` (https://developer.mozilla.org/docs/Web/API/AbortSignal/timeout_static#browser_compatibility).
    signal: AbortSignal.timeout?.(REQUEST_TIMEOUT_MS),
  })
