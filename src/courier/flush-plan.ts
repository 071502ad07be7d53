import type { Entry } from '../core/types.ts'
import { isOrdered, type Pace } from '../protocol/pace.ts'
import { isLeased, isLeftover, type IsTime } from './due.ts'
import { idOf } from './id.ts'
import { boundEntries } from './outbox-bounds.ts'

export interface FlushPlan {
  /** The batches to send, oldest first. */
  readonly queue: readonly Entry[]
  /** What may not stay. */
  readonly excess: readonly Entry[]
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
  /** How many leftovers have to make room. */
  readonly room: number
}

/** Decides which batches of a page (`own`) and of the outbox (`stored`) go now, which are too many, and which stay. */
export function planFlush(stored: readonly Entry[], own: ReadonlySet<Entry>, occasion: Occasion): FlushPlan {
  const { pace, nowMs, startedMs, isTime, room } = occasion
  const ids = new Set<string>()
  for (const entry of own) ids.add(idOf(entry))
  // The batches of live tabs are theirs, to send and to drop.
  const leftovers = stored.filter((entry) => !ids.has(idOf(entry)) && isLeftover(entry, occasion))
  const { kept, excess } = boundEntries(
    [...leftovers.slice(room), ...own].sort((a, b) => a.sealedMs - b.sealedMs),
    nowMs,
  )
  const isForeign = (entry: Entry) => !own.has(entry)
  const isFree = !isLeased(pace, startedMs, nowMs)
  const ready = kept.filter((entry) => isFree || own.has(entry))
  const isNow = !isOrdered(pace, nowMs) && isTime({ ready, leftovers: ready.filter(isForeign), pace, nowMs })
  return {
    queue: isNow ? ready : [],
    excess: [...leftovers.slice(0, room), ...excess],
    pace: isNow && ready.some(isForeign) ? { ...pace, leasedMs: nowMs } : undefined,
  }
}
