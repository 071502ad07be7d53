// Pure: no I/O, no clock, no randomness.
import type { Delta, SeriesKey } from '../types.ts'
import { decodeDelta, encodeDelta, type StoredDelta } from './delta.ts'
import type { Letter } from './dead-letters.ts'
import type { Gauges } from './delta-tracks.ts'
import type { Runs } from './runs.ts'
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
  /** From now on what is counted waits on this track for delta destinations too. */
  | readonly ['track', track: string, sinceMs: number]
  | readonly ['untrack', track: string]
  /** Back on the track: what a destination refused and is offered again, or part of a snapshot. */
  | readonly ['pending', track: string, key: SeriesKey, delta: Delta]
  | readonly [
      'freeze',
      track: string,
      destination: string,
      window: { readonly timeMs: number; readonly gauges: Gauges },
    ]
  | readonly ['settle', track: string, destination: string, settlement: WindowSettlement]
  /** A window, its series to follow, one by one: a change must stay small. */
  | readonly ['frozen', track: string, destination: string, window: FrozenTimes]
  | readonly ['frozen-series', track: string, destination: string, key: SeriesKey, delta: Delta]
  | readonly ['letter', destination: string, key: SeriesKey, letter: Letter]
  | readonly ['unletter', destination: string, keys: readonly SeriesKey[]]
  /** The runtime configuration, null for none. */
  | readonly ['override', override: unknown]

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

/**
 * What became of a window: which requests may have been stored, and which series certainly were not. The rest is settled.
 * Series by their place in the window, which a replay gives them again.
 */
export interface WindowSettlement {
  readonly doubt: readonly Runs[]
  readonly back: Runs
}

export interface FrozenTimes {
  readonly startMs: number
  readonly timeMs: number
  /** The series of each request in doubt; missing while a push is under way, and for ever when a restart cut it off. */
  readonly doubt?: readonly Runs[]
}

type Stored = readonly unknown[]
type StoredDeltas = readonly (readonly [SeriesKey, StoredDelta])[]

/** A change as JSON keeps it: only deltas need another form. */
export function encodeChange(change: Change): Stored {
  switch (change[0]) {
    case 'add':
      return ['add', change[1], encodeDelta(change[2])]
    case 'series':
      return ['series', change[1], encodeDelta(change[2]), change[3]]
    case 'pending':
      return ['pending', change[1], change[2], encodeDelta(change[3])]
    case 'freeze':
      return ['freeze', change[1], change[2], { ...change[3], gauges: encodeDeltas(change[3].gauges) }]
    case 'frozen-series':
      return ['frozen-series', change[1], change[2], change[3], encodeDelta(change[4])]
    case 'letter':
      return ['letter', change[1], change[2], { ...change[3], ...mapDelta(change[3].delta, encodeDelta) }]
    default:
      return change
  }
}

export function decodeChange(stored: Stored): Change {
  const [type, first, second, third] = stored as readonly [Change[0], string, unknown, never]
  switch (type) {
    case 'add':
      return ['add', first, decodeDelta(second as StoredDelta)]
    case 'series':
      return ['series', first, decodeDelta(second as StoredDelta), third]
    case 'pending':
      return ['pending', first, second as string, decodeDelta(third)]
    case 'freeze': {
      const window = third as { timeMs: number; gauges: StoredDeltas }
      return ['freeze', first, second as string, { ...window, gauges: decodeDeltas(window.gauges) }]
    }
    case 'frozen-series':
      return ['frozen-series', first, second as string, third, decodeDelta(stored[4] as StoredDelta)]
    case 'letter': {
      const letter = third as Omit<Letter, 'delta'> & { delta?: StoredDelta }
      const { reason, timeMs } = letter
      return ['letter', first, second as string, { reason, timeMs, ...mapDelta(letter.delta, decodeDelta) }]
    }
    default:
      return stored as unknown as Change
  }
}

const encodeDeltas = (deltas: Iterable<readonly [SeriesKey, Delta]>): StoredDeltas =>
  Array.from(deltas, ([key, delta]) => [key, encodeDelta(delta)] as const)

const decodeDeltas = (deltas: StoredDeltas): (readonly [SeriesKey, Delta])[] =>
  deltas.map(([key, delta]) => [key, decodeDelta(delta)] as const)

const mapDelta = <From, To>(delta: From | undefined, map: (delta: From) => To): { readonly delta?: To } =>
  delta === undefined ? {} : { delta: map(delta) }
