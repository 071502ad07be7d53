import { backoffMs } from '../../src/protocol/backoff.ts'
import type { ExportRequest } from '../model/types.ts'
import { isAboutData, type SendOutcome } from './outcome.ts'
import type { Carrier, Sender } from './send-once.ts'
import type { OutgoingRequest } from './transport.ts'

/** Tries of one request in one push. The next push brings what is missing, so there is nothing to win by more. */
export const MAX_TRIES = 3

export interface RetryOptions {
  readonly prepare: (request: ExportRequest) => Promise<OutgoingRequest>
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** No try begins later than this, ms since 1970. */
  readonly deadlineMs: number
}

/**
 * A sender around a carrier: tries again, the same bytes, with full jitter, or when the receiver says so. A request that must not be
 * stored twice is not tried again once it may have been stored. That doubt stays, whatever is answered to a later try, until the
 * request is accepted or refused for its data. A request that cannot even be made ready was not sent.
 */
export const createRetryingSender =
  (carry: Carrier, { prepare, now, random, sleep, deadlineMs }: RetryOptions): Sender =>
  async (request) => {
    const outgoing = await prepare(request).catch(String)
    if (typeof outgoing === 'string') return { type: 'retry', detail: outgoing, inDoubt: false }
    let inDoubt = false
    for (let attempt = 1; ; attempt++) {
      const outcome = await carry({ request, outgoing, attempt })
      if (outcome.type !== 'retry') return withDoubt(outcome, inDoubt)
      inDoubt ||= outcome.inDoubt
      if (attempt === MAX_TRIES || (inDoubt && request.inDoubt === 'drop')) return { ...outcome, inDoubt }
      const waitMs = outcome.afterMs ?? backoffMs(attempt, random())
      if (now() + waitMs > deadlineMs) return { ...outcome, inDoubt }
      await sleep(waitMs)
    }
  }

const withDoubt = (outcome: SendOutcome, inDoubt: boolean): SendOutcome =>
  inDoubt && outcome.type === 'refused' && !isAboutData(outcome) ? { ...outcome, inDoubt } : outcome
