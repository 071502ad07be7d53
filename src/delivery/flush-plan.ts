// Pure: no I/O, no clock, no randomness.
import { idOf, type Entry } from './entry.ts'
import { isLeased, isLeftover, type IsTime, type Pace } from './flush-policy.ts'
import { boundEntries, type Bounded } from './outbox-bounds.ts'

export interface FlushPlan extends Bounded {
  /** What to send, oldest first. */
  readonly queue: readonly Entry[]
  /** Set when the queue holds leftovers: the lease, to be written in the transaction that read them. */
  readonly pace: Pace | undefined
}

export interface Occasion {
  readonly pace: Pace
  readonly nowMs: number
  /** When this page began, ms since 1970. */
  readonly startedMs: number
  /** How long the batches of live tabs are theirs, ms. */
  readonly youngMs: number
  readonly isTime: IsTime
}

/** Decides on everything a page holds (`own`) and finds (`stored`): what goes now, what is too much, what stays. */
export function planFlush(stored: readonly Entry[], own: ReadonlyMap<string, Entry>, occasion: Occasion): FlushPlan {
  const { pace, nowMs, startedMs } = occasion
  const isForeign = (entry: Entry) => !own.has(idOf(entry))
  const bounded = boundEntries(
    [...stored.filter(isForeign), ...own.values()].sort((a, b) => a.sealedMs - b.sealedMs),
    nowMs,
  )
  const isFree = !isLeased(pace, startedMs, nowMs)
  const ready = bounded.kept.filter((entry) => !isForeign(entry) || (isFree && isLeftover(entry, occasion)))
  const queue = occasion.isTime(ready, pace, nowMs) ? ready : []
  return { ...bounded, queue, pace: queue.some(isForeign) ? { ...pace, leasedMs: nowMs } : undefined }
}
