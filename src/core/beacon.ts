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
   * Sends what was recorded so far; resolves when the server has it on durable storage, or says why not. Never rejects.
   * The reason is `inactive` while the page is prerendering, without consent, after `shutdown` and the edge's off switch.
   */
  readonly flush: () => Promise<FlushResult>
  /**
   * true or 'granted': records from now on, and sends what was recorded while consent was pending. Anything else: stops, and erases
   * what is buffered for this endpoint, also what earlier pages left.
   */
  readonly setConsent: (consent: Exclude<Consent, 'pending'>) => void
  /** Numbers for debugging. */
  readonly stats: () => BeaconStats
  /** Sends what was recorded, then stops for good: later calls do nothing, and another `init` starts a new beacon. */
  readonly shutdown: () => Promise<void>
}
