// Pure: no I/O, no clock, no randomness.
import type { Delta, SeriesKey } from '../types.ts'
import { decodeDelta, encodeDelta, type StoredDelta } from './delta.ts'
import type { SequenceSet } from './sequence-set.ts'

/**
 * All that can happen to the state of an aggregator. The commit log is a list of changes, a snapshot is the list of
 * changes that rebuilds the state from nothing, and the state itself moves by nothing else: so a replay cannot differ.
 */
export type Change =
  /** Edge clock of the changes that follow, ms since 1970. */
  | readonly ['at', ms: number]
  | readonly ['seen', session: string, sequence: number]
  | readonly ['add', key: SeriesKey, delta: Delta]
  | readonly ['flush', destination: string, mark: FlushMark]
  /** The zero of the series is settled at the destination. */
  | readonly ['introduced', destination: string, key: SeriesKey]
  /** The end of the series is settled at the destination. */
  | readonly ['ended', destination: string, key: SeriesKey]
  | readonly ['remove', key: SeriesKey]
  | readonly ['forget', destination: string]
  | readonly ['seed', seed: number]
  | readonly ['session', session: string, sequences: SequenceSet]
  | readonly ['series', key: SeriesKey, total: Delta, state: SeriesState]

/** How far a destination is. Edge clock, ms since 1970; 0 for never. */
export interface FlushMark {
  /** Its first flush. */
  readonly sinceMs: number
  /** Its latest flush, whether it succeeded or not. */
  readonly flushedMs: number
  /** The latest flush that was accepted as a whole. */
  readonly acceptedMs: number
  /** The latest flush that was accepted at least in part. */
  readonly reachedMs: number
}

export interface SeriesState {
  readonly startMs: number
  readonly changedMs: number
  /** Destinations where the zero of the series is settled. */
  readonly introduced: readonly string[]
  /** Destinations where the end of the series is settled. */
  readonly ended: readonly string[]
}

/** A change as JSON keeps it: only deltas need another form. */
export function encodeChange(change: Change): readonly unknown[] {
  if (change[0] === 'add') return ['add', change[1], encodeDelta(change[2])]
  if (change[0] === 'series') return ['series', change[1], encodeDelta(change[2]), change[3]]
  return change
}

export function decodeChange(stored: readonly unknown[]): Change {
  if (stored[0] === 'add') return ['add', stored[1] as SeriesKey, decodeDelta(stored[2] as StoredDelta)]
  if (stored[0] === 'series')
    return ['series', stored[1] as SeriesKey, decodeDelta(stored[2] as StoredDelta), stored[3] as SeriesState]
  return stored as unknown as Change
}
