import type { Exporter } from '../../model/types.ts'
import { DEFAULT_RETRY_STATUSES } from './retry-statuses.ts'

/** Reads an answer by its status alone: 2xx is accepted, `retryStatuses` may pass, the rest is refused. */
export const statusReader =
  (retryStatuses: readonly number[] = DEFAULT_RETRY_STATUSES): Exporter['readAnswer'] =>
  ({ status }) => {
    if (status >= 200 && status < 300) return { type: 'accepted' }
    return { type: retryStatuses.includes(status) ? 'retry' : 'refused' }
  }
