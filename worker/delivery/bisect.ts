import type { ExportRequest, SeriesKey } from '../model/types.ts'
import { describe, isAboutData, isReceiverDown, type SendOutcome } from './outcome.ts'
import type { Sender } from './send-once.ts'

/** Cuts of refused requests in one step of a push: enough to single out several bad series of thousands. */
export const MAX_CUTS = 100

export interface Unsettled {
  readonly request: ExportRequest
  /** Whether it may have been stored; else it certainly was not. */
  readonly inDoubt: boolean
}

/** Every request ends up in one of the three, whole or in parts. */
export interface StepResult {
  readonly accepted: ReadonlySet<SeriesKey>
  /** Series that were refused for themselves, with what the backend said: the same bytes would be refused again. */
  readonly refused: ReadonlyMap<SeriesKey, string>
  readonly unsettled: readonly Unsettled[]
  /** The reason why the step ended early. */
  readonly halted?: SendOutcome
}

export interface StepOptions {
  readonly send: Sender
  /** Encodes again only these series. */
  readonly encodeOnly: (keys: ReadonlySet<SeriesKey>) => readonly ExportRequest[]
  /** Whether the requests may have been stored by an earlier push. So may their parts: that push may have cut them too. @default false */
  readonly wereInDoubt?: boolean
}

/**
 * Sends the requests of a step, one after the other. A request whose data is refused is cut in halves, down to single series:
 * Prometheus stores nothing of a request with one bad series. A request that failed for another reason is left.
 */
export async function sendStep(
  requests: readonly ExportRequest[],
  { send, encodeOnly, wereInDoubt = false }: StepOptions,
): Promise<StepResult> {
  const accepted = new Set<SeriesKey>()
  const refused = new Map<SeriesKey, string>()
  const unsettled: Unsettled[] = []
  const queue = [...requests]
  let cuts = 0
  for (let request = queue.shift(); request; request = queue.shift()) {
    const outcome = await send(request)
    if (outcome.type === 'accepted') {
      for (const key of request.keys) accepted.add(key)
    } else if (outcome.type === 'refused' && isAboutData(outcome)) {
      const halves = halve(request, encodeOnly)
      if (halves.length === 0) for (const key of request.keys) refused.set(key, describe(outcome))
      else if (++cuts <= MAX_CUTS) queue.unshift(...halves)
      else unsettled.push({ request, inDoubt: wereInDoubt })
    } else {
      const isDoubtful = outcome.type !== 'unsupported' && outcome.inDoubt === true
      unsettled.push({ request, inDoubt: wereInDoubt || isDoubtful })
      if (!isReceiverDown(outcome)) continue
      for (const unsent of queue) unsettled.push({ request: unsent, inDoubt: wereInDoubt })
      return { accepted, refused, unsettled, halted: outcome }
    }
  }
  return { accepted, refused, unsettled }
}

// Empty when there is nothing left to cut: one series, or several that share a place at the receiver.
function halve({ keys }: ExportRequest, encodeOnly: StepOptions['encodeOnly']): ExportRequest[] {
  try {
    // Series that share a place go with its first key, so one half can be the whole again: then nearer to the front.
    for (let middle = keys.length >> 1; middle > 0; middle >>= 1) {
      const halves = [keys.slice(0, middle), keys.slice(middle)].flatMap((half) => encodeOnly(new Set(half)))
      if (halves.every((half) => half.keys.length < keys.length)) return halves
    }
  } catch {
    // An exporter that cannot cut its own request: the whole of it is refused, and none of it forgotten.
  }
  return []
}
