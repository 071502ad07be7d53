import type { Delta, SeriesKey } from '../model/types.ts'
import type { Runs } from './runs.ts'

/** Gauges are computed for every snapshot, and kept only in a window that is frozen. */
export type Gauges = readonly (readonly [SeriesKey, Delta])[]

/** Whether a series of a window is a gauge: it never goes back into the next window, which has its own. */
export const isGauge = (key: SeriesKey): boolean => key.startsWith('["gauge"')

/** A window without its series. */
export interface FrozenTimes {
  readonly startMs: number
  readonly timeMs: number
  /** The series of each request in doubt. Missing while a push runs, and still missing after a restart cut the push off. */
  readonly inDoubt?: readonly Runs[]
}

/** The counts of a window, for one destination. They never change: they are sent again as they were, or go into the next window. */
export interface FrozenWindow extends FrozenTimes {
  readonly deltas: ReadonlyMap<SeriesKey, Delta>
}

/**
 * What a push left open of a window: the requests that may have been stored, and the series that certainly were not.
 * Everything else is done. Series are indexes into the window, and a replay gives them the same indexes.
 */
export interface WindowSettlement {
  readonly inDoubt: readonly Runs[]
  readonly notStored: Runs
}
