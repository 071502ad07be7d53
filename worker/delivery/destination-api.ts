/** What a flush asks of a destination, and the answers. Data only. */
import type { DestinationHealth, DestinationStatus } from '../model/aggregator-api.ts'
import type { Series, SeriesKey, Snapshot } from '../model/types.ts'
import type { Delivery, PushOutcome } from './delivery.ts'
import type { PushTally } from './tally.ts'

interface DestinationBase {
  readonly name: string
  /** Least time between two flushes, ms; 0 for every flush. */
  readonly intervalMs: number
  /** Whether its route and its mapping take the series. The destination is never given any other. */
  readonly accepts: (series: Series) => boolean
  readonly health: () => DestinationHealth
  readonly status: () => ConnectionStatus
}

/** The part of `GET /v1/status` that a connection knows. */
export type ConnectionStatus = Pick<
  DestinationStatus,
  'kind' | 'protocol' | 'temporality' | 'enabled' | 'circuit' | 'lastError' | keyof DestinationHealth
>

/** Gets totals. The next total follows a push that failed. */
export interface CumulativeDestination extends DestinationBase {
  readonly temporality: 'cumulative'
  /** Begins a push; undefined when another one runs, or when it is too early after a failure. */
  readonly begin: (snapshot: Snapshot) => SnapshotPush | undefined
}

/** One push of a snapshot, which the caller drives: zeros, then values, then the end. No step ever rejects. */
export interface SnapshotPush {
  /** Sends the zeros of new series, and the last values of ending ones. */
  readonly zeros: () => Promise<Delivery>
  /**
   * Sends the values of all series but those whose zero is not settled. The caller commits the settled zeros first.
   * @param zeros the answer to the step before
   */
  readonly values: (zeros: Delivery) => Promise<Delivery>
  /** Must be called once, also after a failure: the next push waits for it. */
  readonly end: (outcome: PushOutcome) => PushTally
}

/** Gets what was added since the last window, every window once. */
export interface DeltaDestination extends DestinationBase {
  readonly temporality: 'delta'
  /** Delivers one window. Never rejects. */
  readonly deliver: (window: DeltaWindow) => Promise<WindowDelivery>
  /** Finest step of its time stamps, ms: no two windows may end in one. */
  readonly resolutionMs: number
  /** How old a window may be for the receiver to take it, ms. */
  readonly maxAgeMs: number
  /** Bytes of pending deltas after which it wants a window before its interval is over. */
  readonly rotateBytes: number
}

/** The counts for a delta destination: everything that was added in a window, which is frozen until it is settled. */
export interface DeltaWindow {
  /** Of temporality 'delta'. */
  readonly snapshot: Snapshot
  /**
   * The keys of each request that an earlier push left in doubt: the destination sends only these requests, byte for byte
   * as before. 'unknown' after a restart in the middle of a push: any request may have been stored, so the destination
   * sends all of them again, except those that must not be resent. Undefined at the first push.
   */
  readonly inDoubt: readonly (readonly SeriesKey[])[] | 'unknown' | undefined
}

export interface WindowDelivery extends Delivery {
  readonly tally: PushTally
}

/** One receiver, with at most one request in flight. */
export type Destination = CumulativeDestination | DeltaDestination
