import type { DropReason } from '../protocol/types.ts'
import type { SealedBatch } from '../protocol/wire.ts'

/** `reason`: `network`, `http_<status>`, `paused` (by an earlier `Retry-After`), `cleared` `stopped` (by the edge's off switch) or `error`. */
export type FlushResult = { readonly acknowledged: true } | { readonly acknowledged: false; readonly reason: string }

export interface Delivery {
  /** Takes a sealed batch: kept in memory and, once started, written to the outbox. Never throws. */
  readonly add: (batch: SealedBatch) => void
  /** Sends all that is pending, acknowledged, even in back-off; only a `Retry-After` holds it. Never rejects. */
  readonly flush: () => Promise<FlushResult>
  /** The page may be going away: beacons of what is unsent. Synchronous, never throws. */
  readonly beacon: () => void
  /** Begins the timer and the adoption of what earlier pages left. For a page that is not prerendering. */
  readonly start: () => void
  readonly stop: () => void
  /** Starts the timer again, with this interval. */
  readonly setFlushInterval: (intervalMs: number) => void
  /** Erases everything buffered, in memory and in the outbox. */
  readonly clear: () => Promise<void>
  /** Calls in this page's batches that are not yet acknowledged. */
  readonly pendingRecords: () => number
  /** This page's batches that are not yet acknowledged. */
  readonly pendingBatches: () => number
}

export interface DeliveryOptions {
  readonly url: string
  readonly flushIntervalMs: number
  /** Calls in this page's batches that were acknowledged, each batch once. */
  readonly onAcknowledged: (records: number) => void
  /** What the edge tells pages in `pharos-settings`, to this page or another, whenever it changes; null for nothing. Must not throw. */
  readonly onSettings: (settings: string | null) => void
  /** Calls that will not be counted, in batches of this page and of others. Never 0. */
  readonly onDropped: (reason: DropReason, records: number) => void
}
