import type { StoredDelta } from '../model/delta.ts'
import type { SeriesKey } from '../model/types.ts'
import type { KeptDeadLetter } from './change.ts'
import type { SequenceSet } from './dedupe/sequence-set.ts'
import type { Runs } from './runs.ts'

/**
 * A change as JSON keeps it: a short list, its tag first. Tags and keys are those of version 0.1, so that the log of an
 * object that was upgraded can be replayed.
 */
export type StoredChange =
  | readonly ['at', timeMs: number]
  | readonly ['seen', session: string, sequence: number]
  | readonly ['add', key: SeriesKey, delta: StoredDelta]
  | readonly ['flush', destination: string, cursor: StoredCursor]
  | readonly ['introduced', destination: string, key: SeriesKey]
  | readonly ['ended', destination: string, key: SeriesKey]
  | readonly ['remove', key: SeriesKey]
  | readonly ['forget', destination: string]
  | readonly ['seed', seed: number]
  | readonly ['session', session: string, sequences: SequenceSet]
  | readonly ['series', key: SeriesKey, total: StoredDelta, state: StoredSeriesState]
  | readonly ['track', backlog: string, sinceMs: number]
  | readonly ['untrack', backlog: string]
  | readonly ['pending', backlog: string, key: SeriesKey, delta: StoredDelta]
  | readonly ['freeze', backlog: string, destination: string, timeMs: number, gauges: StoredGauges]
  | readonly ['settle', backlog: string, destination: string, settlement: StoredSettlement]
  | readonly ['frozen', backlog: string, destination: string, times: StoredTimes]
  | readonly ['frozen-series', backlog: string, destination: string, key: SeriesKey, delta: StoredDelta]
  | readonly ['letter', destination: string, key: SeriesKey, deadLetter: StoredDeadLetter]
  | readonly ['unletter', destination: string, keys: readonly SeriesKey[]]
  | readonly ['override', override: unknown]

export interface StoredCursor {
  readonly sinceMs: number
  readonly flushedMs: number
  readonly acceptedMs: number
  readonly reachedMs: number
}

export interface StoredSeriesState {
  readonly startMs: number
  readonly changedMs: number
  readonly introduced: readonly string[]
  readonly ended: readonly string[]
}

export interface StoredSettlement {
  readonly doubt: readonly Runs[]
  readonly back: Runs
}

export interface StoredTimes {
  readonly startMs: number
  readonly timeMs: number
  readonly doubt?: readonly Runs[]
}

export type StoredGauges = readonly (readonly [SeriesKey, StoredDelta])[]
export type StoredDeadLetter = Omit<KeptDeadLetter, 'delta'> & { readonly delta?: StoredDelta }
