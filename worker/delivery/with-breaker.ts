import type { ExportRequest } from '../model/types.ts'
import type { Breaker } from './breaker.ts'
import { describe, isAboutData, isTrouble, type SendOutcome } from './outcome.ts'
import type { Attempt, SendOnce } from './send-once.ts'
import type { Tally } from './tally.ts'
import type { Trace } from './trace.ts'

export interface BreakerOptions {
  readonly breaker: Breaker
  readonly tally: Pick<Tally, 'add'>
  readonly trace: Trace
  readonly now: () => number
  /** Prepares the probe of the exporter; missing where it has none. */
  readonly probe?: () => Promise<Attempt>
}

/**
 * Wraps a send: sends nothing while the circuit is open, asks a receiver that was down with a probe first where there is one,
 * and counts every try.
 */
export function withBreaker(send: SendOnce, { breaker, tally, trace, now, probe }: BreakerOptions): SendOnce {
  const sendCounted = async (attempt: Attempt): Promise<SendOutcome> => {
    const startedMs = now()
    const outcome = await send(attempt)
    tally.add(outcome, attempt.outgoing.body.byteLength)
    trace(attempt, outcome, now() - startedMs)
    return outcome
  }

  // After a failure the receiver gets a probe before any series that a second failure would lose.
  const needsProbe = ({ inDoubt }: ExportRequest): boolean => {
    const { state, failures } = breaker.state()
    return state === 'half-open' || (inDoubt === 'drop' && failures > 0)
  }

  return async (attempt) => {
    const waitMs = breaker.waitMs()
    if (waitMs > 0) return { type: 'retry', afterMs: waitMs, detail: 'circuit open', inDoubt: false }
    if (probe && needsProbe(attempt.request)) {
      const outcome = await sendCounted(await probe())
      if (outcome.type !== 'accepted' && !readsRequests(outcome)) {
        breaker.failed(outcome.type === 'retry' ? outcome.afterMs : undefined)
        // Without the status: it would read as the answer to the request, which was not sent.
        return { type: 'retry', detail: `probe: ${describe(outcome)}`, inDoubt: false }
      }
    }
    const outcome = await sendCounted(attempt)
    if (!isTrouble(outcome)) breaker.succeeded()
    else breaker.failed(outcome.type === 'retry' ? outcome.afterMs : undefined)
    // The circuit would stop another try, so there is no reason to wait for it.
    const closedForMs = breaker.waitMs()
    return outcome.type === 'retry' && closedForMs > 0 ? { ...outcome, afterMs: closedForMs } : outcome
  }
}

/** Whether this answer to a probe shows that the receiver reads requests. It may refuse the probe, which holds no data. */
const readsRequests = (outcome: SendOutcome): boolean => outcome.type === 'refused' && isAboutData(outcome)
