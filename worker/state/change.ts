import type { Delta, SeriesKey } from '../model/types.ts'
import { decodeDelta, encodeDelta, type StoredDelta } from '../model/delta.ts'
import type { Letter } from './dead-letters.ts'
import type { Gauges } from './backlog.ts'
import type { Runs } from './runs.ts'
import type { SequenceSet } from './dedupe/sequence-set.ts'

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
 * The outcome of a window: which requests may have been stored, and which series certainly were not. The rest is settled.
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
type StoredGauges = readonly (readonly [SeriesKey, StoredDelta])[]
type StoredLetter = Omit<Letter, 'delta'> & { readonly delta?: StoredDelta }

/** A change as JSON keeps it: only deltas need another form. */
export function encodeChange(change: Change): Stored {
  if (change[0] === 'add') return ['add', change[1], encodeDelta(change[2])]
  if (change[0] === 'series') return ['series', change[1], encodeDelta(change[2]), change[3]]
  if (change[0] === 'pending') return ['pending', change[1], change[2], encodeDelta(change[3])]
  if (change[0] === 'freeze') return ['freeze', change[1], change[2], change[3].timeMs, encodeGauges(change[3].gauges)]
  if (change[0] === 'frozen-series') return [...change.slice(0, 4), encodeDelta(change[4])]
  if (change[0] === 'letter') return ['letter', change[1], change[2], encodeLetter(change[3])]
  return change
}

export function decodeChange(stored: Stored): Change {
  const [type, first, second, third, fourth] = stored as readonly [Change[0], string, string, never, never]
  if (type === 'add') return ['add', first, decodeDelta(stored[2] as StoredDelta)]
  if (type === 'series') return ['series', first, decodeDelta(stored[2] as StoredDelta), third]
  if (type === 'pending') return ['pending', first, second, decodeDelta(third)]
  if (type === 'freeze') return ['freeze', first, second, { timeMs: third, gauges: decodeGauges(fourth) }]
  if (type === 'frozen-series') return ['frozen-series', first, second, third, decodeDelta(fourth)]
  if (type === 'letter') return ['letter', first, second, decodeLetter(third)]
  return stored as unknown as Change
}

const encodeGauges = (gauges: Gauges): StoredGauges =>
  Array.from(gauges, ([key, delta]) => [key, encodeDelta(delta)] as const)

const decodeGauges = (gauges: StoredGauges): Gauges => gauges.map(([key, delta]) => [key, decodeDelta(delta)] as const)

const encodeLetter = ({ delta, ...letter }: Letter): StoredLetter =>
  delta === undefined ? letter : { ...letter, delta: encodeDelta(delta) }

const decodeLetter = ({ delta, ...letter }: StoredLetter): Letter =>
  delta === undefined ? letter : { ...letter, delta: decodeDelta(delta) }
