import type { ExportRequest, SeriesKey } from '../types.ts'
import { isAboutData, isReceiverDown, type SendOutcome } from './outcome.ts'
import type { Sender } from './sender.ts'

/** Cuts of refused requests in one step of a push: enough to single out several bad series of thousands. */
export const MAX_CUTS = 100

export interface StepResult {
  readonly accepted: ReadonlySet<SeriesKey>
  /** Series that were refused for themselves: the same bytes would be refused again. */
  readonly refused: ReadonlySet<SeriesKey>
  /** What ended the step before its end. */
  readonly halted?: SendOutcome
}

export interface StepOptions {
  readonly send: Sender
  /** Encodes again only these series. */
  readonly encodeOnly: (keys: ReadonlySet<SeriesKey>) => readonly ExportRequest[]
}

/**
 * Sends the requests of a step, one after the other. A request whose data is refused is cut in halves, down to single series:
 * Prometheus stores nothing of a request with one bad series. A request that failed for another reason is left: the next push
 * brings newer totals. What is in neither set of the result is not settled.
 */
export async function sendStep(
  requests: readonly ExportRequest[],
  { send, encodeOnly }: StepOptions,
): Promise<StepResult> {
  const accepted = new Set<SeriesKey>()
  const refused = new Set<SeriesKey>()
  const queue = [...requests]
  let cuts = 0
  for (let request = queue.shift(); request; request = queue.shift()) {
    const outcome = await send(request)
    if (outcome.type === 'accepted') {
      for (const key of request.keys) accepted.add(key)
    } else if (outcome.type === 'retry') {
      if (isReceiverDown(outcome)) return { accepted, refused, halted: outcome }
    } else {
      if (!isAboutData(outcome)) return { accepted, refused, halted: outcome }
      const halves = halve(request, encodeOnly)
      if (halves.length === 0) for (const key of request.keys) refused.add(key)
      else if (++cuts <= MAX_CUTS) queue.unshift(...halves)
    }
  }
  return { accepted, refused }
}

// Empty when there is nothing left to cut: one series, or several that share a place at the receiver.
function halve({ keys }: ExportRequest, encodeOnly: StepOptions['encodeOnly']): ExportRequest[] {
  const middle = keys.length >> 1
  const halves = [keys.slice(0, middle), keys.slice(middle)].flatMap((half) => encodeOnly(new Set(half)))
  return halves.every((half) => half.keys.length < keys.length) ? halves : []
}
