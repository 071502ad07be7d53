import type { Exporter, ExportRequest, SeriesKey } from '../model/types.ts'
import { sendStep } from './bisect.ts'
import type { SendOutcome } from './outcome.ts'
import type { Sender } from './send-once.ts'
import type { DeltaWindow, WindowReport } from './types.ts'

export interface WindowOptions {
  readonly exporter: Exporter
  readonly send: Sender
}

export interface WindowResult extends Pick<WindowReport, 'refused' | 'doubt' | 'lost' | 'back'> {
  readonly outcome: 'accepted' | 'partly' | 'failed'
  /** The reason why the push ended early. */
  readonly halted?: SendOutcome
}

/**
 * One window of deltas. Series that were certainly not stored go back into the next window; those that may have been stored are sent again
 * as it is, or is lost where the receiver would count it twice. A request that was in doubt before stays in doubt until it is accepted,
 * or refused for its data: the same bytes were then refused the first time too.
 */
export async function pushWindow(
  { snapshot, doubt }: DeltaWindow,
  { exporter, send }: WindowOptions,
): Promise<WindowResult> {
  const encodeOnly = (keys: Iterable<SeriesKey>): readonly ExportRequest[] =>
    exporter.encodeOnly(snapshot, 'values', new Set(keys))
  const requests =
    doubt === undefined || doubt === 'unknown'
      ? exporter.encode(snapshot).flatMap((step) => step.requests)
      : doubt.flatMap((keys) => encodeOnly(keys))
  const wereInDoubt = doubt !== undefined
  // Series that must not be stored twice are in doubt already, so they are not sent at all.
  const isUnsendable = (request: ExportRequest): boolean => wereInDoubt && request.inDoubt === 'drop'

  const { accepted, refused, unsettled, halted } = await sendStep(
    requests.filter((request) => !isUnsendable(request)),
    { send, encodeOnly, wereInDoubt },
  )

  const doubtful: (readonly SeriesKey[])[] = []
  const lost = requests.filter(isUnsendable).flatMap(({ keys }) => keys)
  const back: SeriesKey[] = []
  for (const { request, inDoubt } of unsettled) {
    if (!inDoubt) back.push(...request.keys)
    else if (request.inDoubt === 'drop') lost.push(...request.keys)
    else doubtful.push(request.keys)
  }
  const missing = refused.size + doubtful.length + lost.length + back.length
  const partly = accepted.size > 0 ? 'partly' : 'failed'
  return {
    outcome: missing === 0 ? 'accepted' : partly,
    refused: [...refused],
    doubt: doubtful,
    lost,
    back,
    ...(halted ? { halted } : {}),
  }
}
