import type { FlushResult } from '../core/types.ts'
import type { Instruments } from '../core/instruments.ts'
import type { DropReason } from '../protocol/types.ts'

/** All numbers are calls of `increment` and `observe`. */
export interface EdgeClientStats {
  readonly recorded: number
  /** Recorded, and not yet acknowledged by the worker. */
  readonly pending: number
  readonly acknowledged: number
  readonly dropped: Partial<Record<DropReason, number>>
  /** false: the worker has switched its clients off. Nothing is recorded or sent for an hour after that. */
  readonly enabled: boolean
}

export interface EdgeClient extends Instruments {
  /**
   * Sends everything recorded so far, and tries again until the time of the option `flushTimeoutMs` is over. Resolves when the worker
   * has it on durable storage, or with the reason why not; the client then keeps it for the next call. Never rejects. One call at a
   * time sends. Another call waits for it, but not while it waits for a worker that does not answer (the reason is then `paused`).
   * The reason is `inactive` if the worker has switched its clients off.
   * In a Worker: `ctx.waitUntil(client.flush())`.
   */
  readonly flush: () => Promise<FlushResult>
  /** Numbers for debugging. */
  readonly stats: () => EdgeClientStats
  /** Stops recording, and sends everything recorded, at least once even in back-off. You can still flush the rest. */
  readonly shutdown: () => Promise<FlushResult>
}
