import type { Exporter } from '../../model/types.ts'

/** Overload and trouble that may pass: timeout, too early, too many requests, and what a server or a proxy says when it is down. */
export const DEFAULT_RETRY_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504]

/** Reads an answer by its status alone: 2xx is accepted, `retryStatuses` may pass, the rest is refused. */
export const statusReader =
  (retryStatuses: readonly number[] = DEFAULT_RETRY_STATUSES): Exporter['readAnswer'] =>
  ({ status }) => {
    if (status >= 200 && status < 300) return { type: 'accepted' }
    return { type: retryStatuses.includes(status) ? 'retry' : 'refused' }
  }
