import type { ExportRequest } from '../model/types.ts'
import type { Books } from './tally.ts'
import type { Breaker } from './breaker.ts'
import { describe, isAboutData, isTrouble, type SendOutcome } from './outcome.ts'
import type { Carrier, Parcel } from './send-once.ts'
import type { Trace } from './trace.ts'

export interface GuardOptions {
  readonly breaker: Breaker
  readonly books: Books
  readonly trace: Trace
  readonly now: () => number
  /** Ready to go out, where the exporter has one. */
  readonly probe: Parcel | undefined
}

/**
 * A carrier around a carrier: carries nothing while the circuit is open, asks a receiver that was down with a probe where there is one,
 * and writes down every try.
 */
export function createGuard(carry: Carrier, { breaker, books, trace, now, probe }: GuardOptions): Carrier {
  const once = async (parcel: Parcel): Promise<SendOutcome> => {
    const startedMs = now()
    const outcome = await carry(parcel)
    books.note(outcome, parcel.outgoing.body.byteLength)
    trace(parcel, outcome, now() - startedMs)
    return outcome
  }

  // While the last request to a destination failed, it gets no series that a second failure would lose.
  const needsProbe = ({ inDoubt }: ExportRequest): boolean => {
    const { state, failures } = breaker.state()
    return state === 'half-open' || (inDoubt === 'drop' && failures > 0)
  }

  return async (parcel) => {
    const waitMs = breaker.waitMs()
    if (waitMs > 0) return { type: 'retry', afterMs: waitMs, detail: 'circuit open', inDoubt: false }
    if (probe && needsProbe(parcel.request)) {
      const outcome = await once(probe)
      if (outcome.type !== 'accepted' && !isWord(outcome)) {
        breaker.failed(outcome.type === 'retry' ? outcome.afterMs : undefined)
        // Without the status, which would speak of a request that was not sent.
        return { type: 'retry', detail: `probe: ${describe(outcome)}`, inDoubt: false }
      }
    }
    const outcome = await once(parcel)
    if (!isTrouble(outcome)) breaker.succeeded()
    else breaker.failed(outcome.type === 'retry' ? outcome.afterMs : undefined)
    // There is no reason to wait for another try that the circuit would stop.
    const closedForMs = breaker.waitMs()
    return outcome.type === 'retry' && closedForMs > 0 ? { ...outcome, afterMs: closedForMs } : outcome
  }
}

/** Whether a receiver has shown with this answer to a probe that it reads requests; what it thinks of an empty one is no matter. */
const isWord = (outcome: SendOutcome): boolean => outcome.type === 'refused' && isAboutData(outcome)
