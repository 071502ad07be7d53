import type { Exporter, ExportRequest, SeriesKey } from '../model/types.ts'
import { sendStep } from './bisect.ts'
import { withMissing, type Delivery } from './delivery.ts'
import type { DeltaWindow } from './destination-api.ts'
import type { Send } from './send-once.ts'

export interface WindowOptions {
  readonly exporter: Exporter
  readonly send: Send
}

/**
 * Delivers one window of deltas. A request that was in doubt before stays in doubt until it is accepted, or refused for its
 * data: the receiver would have refused the same bytes the first time too. A request that was in doubt and must not be
 * stored twice is lost, and not sent.
 */
export async function deliverWindow(
  { snapshot, inDoubt }: DeltaWindow,
  { exporter, send }: WindowOptions,
): Promise<Delivery> {
  const encodeOnly = (keys: Iterable<SeriesKey>): readonly ExportRequest[] =>
    exporter.encodeOnly(snapshot, 'values', new Set(keys))
  const requests =
    inDoubt === undefined || inDoubt === 'unknown'
      ? exporter.encode(snapshot).flatMap((step) => step.requests)
      : inDoubt.flatMap((keys) => encodeOnly(keys))
  const wereInDoubt = inDoubt !== undefined
  const isLost = (request: ExportRequest): boolean => wereInDoubt && request.inDoubt === 'drop'
  const delivery = await sendStep(
    requests.filter((request) => !isLost(request)),
    { send, encodeOnly, wereInDoubt },
  )
  return withMissing(
    delivery,
    'lost',
    requests.filter(isLost).flatMap(({ keys }) => keys),
  )
}
