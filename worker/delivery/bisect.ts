import type { ExportRequest, SeriesKey } from '../model/types.ts'
import { deliveryOf, type Delivery, type Unsettled } from './delivery.ts'
import { describe, isAboutData, isReceiverDown } from './outcome.ts'
import type { Send } from './send-once.ts'

/** Cuts of refused requests in one step of a push: enough to single out several bad series of thousands. */
export const MAX_CUTS = 100

export interface StepOptions {
  readonly send: Send
  /** Encodes again only these series. */
  readonly encodeOnly: (keys: ReadonlySet<SeriesKey>) => readonly ExportRequest[]
  /** Whether an earlier push may have stored the requests, or parts of them: it may have cut them too. @default false */
  readonly wereInDoubt?: boolean
}

/**
 * Sends the requests of a step, one after the other. It cuts a request whose data is refused in halves, down to single
 * series, because Prometheus stores nothing of a request with one bad series. It leaves a request that failed for another
 * reason as it is.
 */
export async function sendStep(
  requests: readonly ExportRequest[],
  { send, encodeOnly, wereInDoubt = false }: StepOptions,
): Promise<Delivery> {
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
      else unsettled.push({ request, mayBeStored: wereInDoubt })
    } else {
      const isDoubtful = outcome.type !== 'unsupported' && outcome.inDoubt === true
      unsettled.push({ request, mayBeStored: wereInDoubt || isDoubtful })
      if (!isReceiverDown(outcome)) continue
      for (const unsent of queue) unsettled.push({ request: unsent, mayBeStored: wereInDoubt })
      return deliveryOf({ accepted, refused, unsettled, haltedBy: outcome })
    }
  }
  return deliveryOf({ accepted, refused, unsettled })
}

// Empty when there is nothing left to cut: one series, or several that are one series at the receiver.
function halve({ keys }: ExportRequest, encodeOnly: StepOptions['encodeOnly']): ExportRequest[] {
  try {
    // Series that are one at the receiver go with the first of their keys, so a half can be the whole again. Then the cut moves
    // to the front.
    for (let middle = keys.length >> 1; middle > 0; middle >>= 1) {
      const halves = [keys.slice(0, middle), keys.slice(middle)].flatMap((half) => encodeOnly(new Set(half)))
      if (halves.every((half) => half.keys.length < keys.length)) return halves
    }
  } catch {
    // The exporter cannot cut its own request, so all of the request is refused.
  }
  return []
}
