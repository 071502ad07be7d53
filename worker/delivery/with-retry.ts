import { backoffMs } from '../../src/protocol/backoff.ts'
import type { ExportRequest } from '../model/types.ts'
import { isAboutData, type SendOutcome } from './outcome.ts'
import type { Send, SendOnce } from './send-once.ts'
import type { OutgoingRequest } from './transport.ts'

/** Tries of one request in one push. More would gain nothing, because the next push brings what is missing. */
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
 * Wraps a send: tries again with the same bytes, with full jitter, or when the receiver says so. It does not try a request
 * again that must not be stored twice and may have been stored. That doubt stays, whatever the receiver answers to a later
 * try, until it accepts the request or refuses its data. A request that cannot be prepared was not sent.
 */
export const withRetry =
  (send: SendOnce, { prepare, now, random, sleep, deadlineMs }: RetryOptions): Send =>
  async (request) => {
    const outgoing = await prepare(request).catch(String)
    if (typeof outgoing === 'string') return { type: 'retry', detail: outgoing, inDoubt: false }
    let inDoubt = false
    for (let number = 1; ; number++) {
      const outcome = await send({ request, outgoing, number })
      if (outcome.type !== 'retry') return withDoubt(outcome, inDoubt)
      inDoubt ||= outcome.inDoubt
      if (number === MAX_TRIES || (inDoubt && request.inDoubt === 'drop')) return { ...outcome, inDoubt }
      const waitMs = outcome.afterMs ?? backoffMs(number, random())
      if (now() + waitMs > deadlineMs) return { ...outcome, inDoubt }
      await sleep(waitMs)
    }
  }

const withDoubt = (outcome: SendOutcome, inDoubt: boolean): SendOutcome =>
  inDoubt && outcome.type === 'refused' && !isAboutData(outcome) ? { ...outcome, inDoubt } : outcome
