// Pure: no I/O, no clock, no randomness. The batches of a client that are not yet acknowledged.
import { createEntry, type Entry, totalOf } from '../delivery/entry.ts'
import { takeBatches } from '../delivery/keepalive-budget.ts'
import { verdictOn, type Verdict } from '../delivery/transport.ts'
import { MAX_BATCHES_PER_BODY, MAX_BODY_BYTES, RETENTION_MS } from '../protocol/limits.ts'
import type { DropReason } from '../protocol/types.ts'
import type { SealedBatch } from '../protocol/wire.ts'

/** Each batch is told to one of the hooks, once. */
export interface SendQueueHooks {
  readonly onAcknowledged: (records: number) => void
  readonly onDropped: (reason: DropReason, records: number) => void
}

export interface SendQueue {
  readonly add: (batches: readonly SealedBatch[]) => void
  /** What the next body carries, the oldest first; batches that the edge would not take any more are dropped. */
  readonly next: (nowMs: number) => readonly Entry[]
  /** What the answer to a body means to its batches: those that are settled leave the queue. */
  readonly settle: (batches: readonly Entry[], status: number) => Verdict
  readonly pendingRecords: () => number
}

export function createSendQueue({ onAcknowledged, onDropped }: SendQueueHooks): SendQueue {
  let queue: readonly Entry[] = []
  /** In a body, at most. Halved while the edge refuses bodies, so that a bad batch is found out. */
  let maxBatches = MAX_BATCHES_PER_BODY

  /** Returns how many calls left the queue: none for what has left it before. */
  const remove = (entries: readonly Entry[]): number => {
    const left = queue.filter((entry) => entries.includes(entry))
    queue = queue.filter((entry) => !entries.includes(entry))
    return totalOf('records', left)
  }

  const drop = (reason: DropReason, entries: readonly Entry[]): void => {
    const records = remove(entries)
    if (records) onDropped(reason, records)
  }

  return {
    add: (batches) => {
      queue = [...queue, ...batches.map(createEntry)]
    },
    next: (nowMs) => {
      drop(
        'expired',
        queue.filter(({ sealedMs }) => nowMs - sealedMs > RETENTION_MS),
      )
      return takeBatches(queue, MAX_BODY_BYTES).slice(0, maxBatches)
    },
    settle: (batches, status) => {
      const verdict = verdictOn(status)
      if (verdict === 'retry') return verdict
      if (verdict === 'split' && batches.length > 1) {
        maxBatches = batches.length >> 1
        return verdict
      }
      maxBatches = Math.min(maxBatches * 2, MAX_BATCHES_PER_BODY)
      if (verdict === 'acknowledged') onAcknowledged(remove(batches))
      else drop(status === 413 ? 'too_large' : 'rejected', batches)
      return verdict === 'split' ? 'rejected' : verdict
    },
    pendingRecords: () => totalOf('records', queue),
  }
}
