import type { Delta, SeriesKey } from '../model/types.ts'
import type { SequenceSet } from './dedupe/sequence-set.ts'
import type { FrozenTimes, Gauges, WindowSettlement } from './window.ts'

/**
 * All that can happen to the state of an aggregator. The commit log is a list of changes, a snapshot is the list of
 * changes that rebuilds the state from nothing, and the state itself moves by nothing else: so a replay cannot differ.
 * state/stored-change.ts has the form that storage keeps.
 */
export type Change =
  /** Edge clock of the changes that follow, ms since 1970. */
  | { readonly type: 'at'; readonly timeMs: number }
  | { readonly type: 'seen'; readonly session: string; readonly sequence: number }
  | { readonly type: 'add'; readonly key: SeriesKey; readonly delta: Delta }
  | { readonly type: 'flush'; readonly destination: string; readonly cursor: FlushCursor }
  | { readonly type: 'zeroSent'; readonly destination: string; readonly key: SeriesKey }
  | { readonly type: 'endSent'; readonly destination: string; readonly key: SeriesKey }
  | { readonly type: 'removeSeries'; readonly key: SeriesKey }
  | { readonly type: 'forgetDestination'; readonly destination: string }
  /** The seed of the hashes of sessions. */
  | { readonly type: 'seed'; readonly seed: number }
  | { readonly type: 'session'; readonly session: string; readonly sequences: SequenceSet }
  | { readonly type: 'series'; readonly key: SeriesKey; readonly total: Delta; readonly state: SeriesState }
  /** From now on the backlog gets everything that is counted. */
  | { readonly type: 'openBacklog'; readonly backlog: string; readonly sinceMs: number }
  | { readonly type: 'closeBacklog'; readonly backlog: string }
  /** Adds to one backlog: a dead letter that is offered again, or a part of a snapshot. */
  | { readonly type: 'pending'; readonly backlog: string; readonly key: SeriesKey; readonly delta: Delta }
  | (OfWindow & { readonly type: 'freeze'; readonly timeMs: number; readonly gauges: Gauges })
  | (OfWindow & { readonly type: 'settle'; readonly settlement: WindowSettlement })
  /** A window without its series. They follow one by one, because a change must stay small. */
  | (OfWindow & { readonly type: 'frozen'; readonly times: FrozenTimes })
  | (OfWindow & { readonly type: 'frozenSeries'; readonly key: SeriesKey; readonly delta: Delta })
  | {
      readonly type: 'deadLetter'
      readonly destination: string
      readonly key: SeriesKey
      readonly deadLetter: KeptDeadLetter
    }
  | { readonly type: 'deadLettersRemoved'; readonly destination: string; readonly keys: readonly SeriesKey[] }
  /** The runtime configuration, null for none. */
  | { readonly type: 'override'; readonly override: unknown }

/** A destination has at most one frozen window in a backlog. */
interface OfWindow {
  readonly backlog: string
  readonly destination: string
}

/** How far a destination is. Edge clock, ms since 1970; 0 for never. */
export interface FlushCursor {
  /** Its first flush. */
  readonly firstMs: number
  /** Its latest flush, whether it succeeded or not. */
  readonly lastMs: number
  /** The latest flush that was accepted as a whole. */
  readonly lastFullMs: number
  /** The latest flush that was accepted at least in part. */
  readonly lastPartialMs: number
}

export interface SeriesState {
  readonly startMs: number
  readonly changedMs: number
  /** Destinations where the zero of the series is settled. */
  readonly zeroSentTo: readonly string[]
  /** Destinations where the end of the series is settled. */
  readonly endSentTo: readonly string[]
}

/** Why a destination refused a series, when it first did, and what of the series a delta destination did not take. */
export interface KeptDeadLetter {
  readonly reason: string
  readonly timeMs: number
  readonly delta?: Delta
}
