import { backoffMs } from '../../src/protocol/backoff.ts'
import type { Sender } from './sender.ts'

/** Tries of one request in one push. The next push brings newer totals, so there is nothing to win by more. */
export const MAX_TRIES = 3

export interface RetryOptions {
  readonly now: () => number
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** No try begins later than this, ms since 1970. */
  readonly deadlineMs: number
}

/** A sender around a sender: tries again, the same bytes, with full jitter, or when the receiver says so. */
export const createRetryingSender =
  (send: Sender, { now, random, sleep, deadlineMs }: RetryOptions): Sender =>
  async (request) => {
    for (let tries = 1; ; tries++) {
      const outcome = await send(request)
      if (outcome.type !== 'retry' || tries === MAX_TRIES) return outcome
      const waitMs = outcome.afterMs ?? backoffMs(tries, random())
      if (now() + waitMs > deadlineMs) return outcome
      await sleep(waitMs)
    }
  }
