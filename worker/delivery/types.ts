/** The requests to the delivery engine and its answers. Data only. */
import type { DestinationHealth, DestinationStatus } from '../model/aggregator-api.ts'
import type { Series, SeriesKey, Snapshot } from '../model/types.ts'

/** The outcome of one push of any temporality. */
export interface PushBooks {
  /** 'partly' when some of it was accepted, 'skipped' when it is too early after a failure or another push still runs. */
  readonly outcome: 'accepted' | 'partly' | 'failed' | 'skipped'
  readonly durationMs: number
  /** Requests sent, every try counted, by outcome: accepted, retry, refused. */
  readonly requests: Readonly<Record<string, number>>
  /** Failed tries by what was wrong: 'timeout', 'no_answer', or the status as text. */
  readonly errors: Readonly<Record<string, number>>
  /** Bytes of the bodies sent, after compression, every try counted. */
  readonly bytes: number
  /** Points the receiver said it dropped from requests it accepted. */
  readonly rejected: number
  /** Series refused for themselves, with what the backend said. */
  readonly refused: readonly (readonly [key: SeriesKey, reason: string])[]
  /** The last failure in this push, for the operator's log; never holds a secret. */
  readonly error?: string
}

export interface PushReport extends PushBooks {
  /** Ending series this destination is done with: the stale marker was accepted, or refused for that series alone. */
  readonly ended: readonly SeriesKey[]
}

/** The counts for a delta destination: everything that was added in a window, which is frozen until it is settled. */
export interface DeltaWindow {
  /** Of temporality 'delta'. */
  readonly snapshot: Snapshot
  /**
   * The keys of each request that an earlier push left in doubt: only they are sent, byte for byte as then. 'unknown' after a
   * restart in the middle of a push: any request may have been stored, so all are sent as then, but those that must not be resent.
   * Undefined at the first push.
   */
  readonly doubt: readonly (readonly SeriesKey[])[] | 'unknown' | undefined
}

/** Every key of what was to be sent is accepted, refused, in doubt, lost or back. */
export interface WindowReport extends PushBooks {
  /** The keys of each request that may have been stored or not: to be sent again as they are. */
  readonly doubt: readonly (readonly SeriesKey[])[]
  /** In doubt and must not be sent again: the receiver could count them twice. */
  readonly lost: readonly SeriesKey[]
  /** Certainly not stored: they belong to the next window. */
  readonly back: readonly SeriesKey[]
}

interface DestinationBase {
  readonly name: string
  /** Least time between two flushes, ms; 0 for every flush. */
  readonly intervalMs: number
  /** Whether its route takes the series; what it does not take it is never given. */
  readonly accepts: (series: Series) => boolean
  readonly health: () => DestinationHealth
  readonly status: () => EngineStatus
}

/** The engine's own part of `GET /v1/status`. */
export type EngineStatus = Pick<
  DestinationStatus,
  'kind' | 'protocol' | 'temporality' | 'enabled' | 'circuit' | 'lastError' | keyof DestinationHealth
>

/** Gets totals; a failed push is followed by the next total. */
export interface CumulativeDestination extends DestinationBase {
  readonly temporality: 'cumulative'
  /** Pushes one snapshot: zeros, then `onZerosSettled`, then values. Never rejects. */
  readonly push: (
    snapshot: Snapshot,
    onZerosSettled: (keys: readonly SeriesKey[]) => Promise<void>,
  ) => Promise<PushReport>
}

/** Gets what was added since; every window once. */
export interface DeltaDestination extends DestinationBase {
  readonly temporality: 'delta'
  /** Pushes one window. Never rejects. With the outcome 'skipped' nothing was sent, and everything is as it was. */
  readonly pushWindow: (window: DeltaWindow) => Promise<WindowReport>
  /** Finest step of its time stamps, ms: no two windows may end in one. */
  readonly resolutionMs: number
  /** How old a window may be for the receiver to take it, ms. */
  readonly maxAgeMs: number
  /** Bytes waiting after which it wants a window before its interval is over. */
  readonly rotateBytes: number
}

/** One place totals are pushed to, with at most one request in flight. */
export type Destination = CumulativeDestination | DeltaDestination
