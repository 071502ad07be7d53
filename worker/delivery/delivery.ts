import type { ExportRequest, SeriesKey } from '../model/types.ts'
import type { Failure } from './outcome.ts'

/** 'partly' when the receiver took some of it. 'skipped' when nothing was sent and everything is as it was. */
export type PushOutcome = 'accepted' | 'partly' | 'failed' | 'skipped'

/** What became of the series that were offered: of a window, or of one step of a snapshot. Each is in one of the five. */
export interface Delivery {
  readonly outcome: PushOutcome
  readonly accepted: ReadonlySet<SeriesKey>
  /** Refused for themselves, with what the receiver said: the same bytes would be refused again. */
  readonly refused: ReadonlyMap<SeriesKey, string>
  /** The series of each request that may have been stored, and that the receiver takes once however often it comes. */
  readonly inDoubt: readonly (readonly SeriesKey[])[]
  /** May have been stored, and must not be sent again: the receiver could count them twice. */
  readonly lost: readonly SeriesKey[]
  /** Certainly not stored. */
  readonly notStored: readonly SeriesKey[]
  /** Why the rest was not sent. */
  readonly haltedBy?: Failure
}

/** What one request left open. */
export interface Unsettled {
  readonly request: Pick<ExportRequest, 'keys' | 'inDoubt'>
  readonly mayBeStored: boolean
}

export interface Settled extends Pick<Delivery, 'accepted' | 'refused' | 'haltedBy'> {
  readonly unsettled: readonly Unsettled[]
}

/** Sorts the requests that are left open by what may be done with them. */
export function deliveryOf({ accepted, refused, unsettled, haltedBy }: Settled): Delivery {
  const keysOf = (some: readonly Unsettled[]): readonly (readonly SeriesKey[])[] =>
    some.map(({ request }) => request.keys)
  const doubtful = unsettled.filter(({ mayBeStored }) => mayBeStored)
  return {
    outcome: outcomeOf(accepted.size, refused.size + unsettled.length),
    accepted,
    refused,
    inDoubt: keysOf(doubtful.filter(({ request }) => request.inDoubt === 'resend')),
    lost: keysOf(doubtful.filter(({ request }) => request.inDoubt === 'drop')).flat(),
    notStored: keysOf(unsettled.filter(({ mayBeStored }) => !mayBeStored)).flat(),
    ...(haltedBy ? { haltedBy } : {}),
  }
}

/** The delivery with more series that were offered and not sent. */
export function withMissing(delivery: Delivery, place: 'lost' | 'notStored', keys: readonly SeriesKey[]): Delivery {
  if (keys.length === 0) return delivery
  const outcome = outcomeOf(delivery.accepted.size, keys.length)
  return { ...delivery, outcome, [place]: [...keys, ...delivery[place]] }
}

/** Series that are neither accepted nor refused. */
export const unsettledKeys = ({ inDoubt, lost, notStored }: Delivery): readonly SeriesKey[] => [
  ...inDoubt.flat(),
  ...lost,
  ...notStored,
]

/** Nothing was accepted, and nothing may have been stored. */
export const notDelivered = (keys: readonly SeriesKey[], haltedBy: Failure): Delivery => ({
  outcome: 'failed',
  accepted: new Set(),
  refused: new Map(),
  inDoubt: [],
  lost: [],
  notStored: keys,
  haltedBy,
})

function outcomeOf(accepted: number, missing: number): PushOutcome {
  if (missing === 0) return 'accepted'
  return accepted > 0 ? 'partly' : 'failed'
}
