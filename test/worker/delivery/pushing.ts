import type { PushOutcome } from '../../../worker/delivery/delivery.ts'
import type {
  CumulativeDestination,
  DeltaDestination,
  DeltaWindow,
  WindowDelivery,
} from '../../../worker/delivery/destination-api.ts'
import { EMPTY_TALLY, type PushTally } from '../../../worker/delivery/tally.ts'
import { endedSeries, refusedSeries, settledZeros } from '../../../worker/flush/settled-series.ts'
import type { SeriesKey, Snapshot } from '../../../worker/model/types.ts'

export interface Pushed extends PushTally {
  readonly outcome: PushOutcome
  readonly ended: readonly SeriesKey[]
  readonly refused: readonly (readonly [SeriesKey, string])[]
}

/** The least that a flush does: zeros, then what is to be done with the settled ones, then values. */
export async function pushSnapshot(
  destination: CumulativeDestination,
  snapshot: Snapshot,
  onZerosSettled: (keys: readonly SeriesKey[]) => void = () => undefined,
): Promise<Pushed> {
  const push = destination.begin(snapshot)
  if (!push) return { outcome: 'skipped', ended: [], refused: [], ...EMPTY_TALLY }
  const zeros = await push.zeros()
  const settled = settledZeros(snapshot, zeros)
  if (settled.length > 0) onZerosSettled(settled)
  const values = await push.values(zeros)
  const steps = { zeros, values }
  return {
    outcome: values.outcome,
    ended: endedSeries(snapshot, steps),
    refused: refusedSeries(snapshot, steps),
    ...push.end(values.outcome),
  }
}

export interface PushedWindow extends Omit<WindowDelivery, 'accepted' | 'refused' | 'tally'>, PushTally {
  readonly refused: readonly (readonly [SeriesKey, string])[]
}

/** One window, its report as plain data. */
export async function pushWindow(destination: DeltaDestination, window: DeltaWindow): Promise<PushedWindow> {
  const { accepted: _, refused, tally, ...rest } = await destination.deliver(window)
  return { ...rest, refused: [...refused], ...tally }
}
