import type { FlushResult } from '../delivery/types.ts'
import type { Instruments } from '../metrics/instruments.ts'
import type { DropReason } from '../protocol/types.ts'

/** All numbers are calls of `increment` and `observe`. */
export interface EdgeClientStats {
  readonly recorded: number
  /** Recorded, and not yet acknowledged by the worker. */
  readonly pending: number
  readonly acknowledged: number
  readonly dropped: Partial<Record<DropReason, number>>
  /** false: the worker has switched its clients off. Nothing is recorded or sent until an hour after it said so. */
  readonly enabled: boolean
}

export interface EdgeClient extends Instruments {
  /**
   * Sends what was recorded so far, trying again until the option `flushTimeoutMs` is over; resolves when the worker has it on durable
   * storage, or says why not: what is not acknowledged is kept for the next call. Never rejects. One call at a time sends; one that
   * comes meanwhile waits for it, but not while it waits for a worker that is away (the reason is then `paused`). The reason is
   * `inactive` where the worker has switched its clients off.
   * In a Worker: `ctx.waitUntil(client.flush())`.
   */
  readonly flush: () => Promise<FlushResult>
  /** What a user debugs with. */
  readonly stats: () => EdgeClientStats
  /** Records no more, and sends what was recorded, at least once even in back-off; what is left can still be flushed. */
  readonly shutdown: () => Promise<FlushResult>
}
