import { totalOf } from '../core/entry.ts'
import { takeBatches } from '../core/keepalive-budget.ts'
import type { Entry } from '../core/types.ts'
import { type AnswerToBeacon, verdictOn, type Verdict } from '../protocol/answer.ts'
import { MAX_BATCHES_PER_BODY, MAX_BODY_BYTES, RETENTION_MS } from '../protocol/limits.ts'
import type { DropReason } from '../protocol/types.ts'

/** The queue calls one of them, once, for each batch. */
export interface SendQueueHooks {
  readonly onAcknowledged: (records: number) => void
  readonly onDropped: (reason: DropReason, entries: readonly Entry[]) => void
}

export interface SendQueue {
  readonly add: (batches: readonly Entry[]) => void
  /** The batches of the next body, the oldest first. Drops batches that the edge would not take any more. */
  readonly next: (nowMs: number) => readonly Entry[]
  /** Reads the answer to a body. Its batches leave the queue if the answer settles them. */
  readonly settle: (batches: readonly Entry[], answer: AnswerToBeacon) => Verdict
  /** Whether the edge would take a batch that only reports drops: false from a refusal to the next acknowledgement. */
  readonly takesDrops: () => boolean
}

export function createSendQueue({ onAcknowledged, onDropped }: SendQueueHooks): SendQueue {
  let queue: readonly Entry[] = []
  /** In a body, at most. Halved while the edge refuses bodies, so that a bad batch is found. */
  let maxBatches = MAX_BATCHES_PER_BODY
  let takesDrops = true

  /** Removes batches, and returns those that were still in the queue. */
  const remove = (entries: readonly Entry[]): readonly Entry[] => {
    const left = queue.filter((entry) => entries.includes(entry))
    queue = queue.filter((entry) => !entries.includes(entry))
    return left
  }

  const drop = (reason: DropReason, entries: readonly Entry[]): void => onDropped(reason, remove(entries))

  return {
    add: (batches) => {
      queue = [...queue, ...batches]
    },
    next: (nowMs) => {
      drop(
        'expired',
        queue.filter(({ sealedMs }) => nowMs - sealedMs > RETENTION_MS),
      )
      return takeBatches(queue, MAX_BODY_BYTES).slice(0, maxBatches)
    },
    settle: (batches, answer) => {
      const verdict = verdictOn(answer)
      if (verdict === 'retry') return verdict
      if (verdict === 'split' && batches.length > 1) {
        maxBatches = batches.length >> 1
        return verdict
      }
      // A batch that is refused for its records tells nothing about others; one that had only drops does.
      takesDrops = verdict === 'acknowledged' || (takesDrops && verdict === 'split' && totalOf('records', batches) > 0)
      maxBatches = Math.min(maxBatches * 2, MAX_BATCHES_PER_BODY)
      if (verdict === 'acknowledged') onAcknowledged(totalOf('records', remove(batches)))
      else drop(answer.reason === 'body_too_large' ? 'too_large' : 'rejected', batches)
      return verdict === 'split' ? 'rejected' : verdict
    },
    takesDrops: () => takesDrops,
  }
}
