import type { Consent } from './options.ts'
import type { Instruments } from './instruments.ts'
import type { Drops, FlushResult } from './types.ts'

/** All numbers are calls of `increment` and `observe`. */
export interface BeaconStats {
  readonly recorded: number
  /** Recorded, and not yet acknowledged by the server. */
  readonly pending: number
  readonly acknowledged: number
  /** By reason. The edge counts mistakes that only it finds, such as a wrong name, in its `pharos_dropped_total`. */
  readonly dropped: Drops
}

export interface Beacon extends Instruments {
  /**
   * Sends the records so far; resolves when the server has them on durable storage, or with the reason why not. Never rejects.
   * The reason is `inactive` while the page is prerendering, without consent, after `shutdown` and the edge's off switch.
   */
  readonly flush: () => Promise<FlushResult>
  /**
   * true or 'granted': records from now on, and sends the records from the time when consent was pending. Anything else: stops, and
   * erases all records that are buffered for this endpoint, those of earlier pages too.
   */
  readonly setConsent: (consent: Exclude<Consent, 'pending'>) => void
  /** Numbers for debugging. */
  readonly stats: () => BeaconStats
  /** Sends the records so far, then stops for good: later calls do nothing, and another `init` starts a new beacon. */
  readonly shutdown: () => Promise<void>
}
