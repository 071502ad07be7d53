import { unsettledKeys, type Delivery } from '../delivery/delivery.ts'
import type { SeriesKey, SeriesPhase, Snapshot } from '../model/types.ts'

/** The answers to the two steps of a snapshot. */
export interface StepDeliveries {
  readonly zeros: Delivery
  readonly values: Delivery
}

const keysInPhase = ({ series }: Snapshot, phase: SeriesPhase): SeriesKey[] =>
  series.filter((one) => one.phase === phase).map(({ key }) => key)

/** A zero is settled when it is accepted, refused for its series alone, or not needed: a gauge has none. */
export function settledZeros(snapshot: Snapshot, zeros: Delivery): SeriesKey[] {
  const unsettled = new Set(unsettledKeys(zeros))
  return keysInPhase(snapshot, 'new').filter((key) => !unsettled.has(key))
}

/** Ending series whose stale marker the destination accepted, or refused for that series alone: another would be refused too. */
export const endedSeries = (snapshot: Snapshot, { values }: StepDeliveries): SeriesKey[] =>
  keysInPhase(snapshot, 'ending').filter((key) => values.accepted.has(key) || values.refused.has(key))

/** Series whose value was refused. An ending series counts only if its last value, which is in the first step, was refused as well. */
export function refusedSeries(
  snapshot: Snapshot,
  { zeros, values }: StepDeliveries,
): [key: SeriesKey, reason: string][] {
  const isEnding = new Set(keysInPhase(snapshot, 'ending'))
  return [...values.refused].filter(([key]) => !isEnding.has(key) || zeros.refused.has(key))
}
