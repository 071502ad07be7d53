import type { Entry } from '../core/types.ts'
import { isHeldByServer, type SendState } from '../protocol/send-state.ts'
import { isLeased, isLeftover, type Trigger } from './due.ts'
import { idOf } from './id.ts'
import { boundEntries } from './outbox-bounds.ts'

export interface FlushPlan {
  /** The batches to send, oldest first. */
  readonly queue: readonly Entry[]
  /** The batches that may not stay. */
  readonly excess: readonly Entry[]
  /** The state with the lease, to be written in the transaction that read the leftovers of the queue; undefined where it has none. */
  readonly state: SendState | undefined
}

export interface FlushContext {
  readonly state: SendState
  readonly nowMs: number
  /** When this page began, ms since 1970. */
  readonly startedMs: number
  /** How long the batches of live tabs are theirs, ms. */
  readonly youngMs: number
  readonly isDue: Trigger
  /** How many leftovers have to make room. */
  readonly room: number
}

/** Decides which batches of a page (`own`) and of the outbox (`stored`) go now, which are too many, and which stay. */
export function planFlush(stored: readonly Entry[], own: ReadonlySet<Entry>, context: FlushContext): FlushPlan {
  const { state, nowMs, startedMs, isDue, room } = context
  const ids = new Set<string>()
  for (const entry of own) ids.add(idOf(entry))
  // The batches of live tabs are theirs, to send and to drop.
  const leftovers = stored.filter((entry) => !ids.has(idOf(entry)) && isLeftover(entry, context))
  const { kept, excess } = boundEntries(
    [...leftovers.slice(room), ...own].sort((a, b) => a.sealedMs - b.sealedMs),
    nowMs,
  )
  const isForeign = (entry: Entry) => !own.has(entry)
  const isFree = !isLeased(state, startedMs, nowMs)
  const ready = kept.filter((entry) => isFree || own.has(entry))
  const isNow = !isHeldByServer(state, nowMs) && isDue({ ready, leftovers: ready.filter(isForeign), state, nowMs })
  return {
    queue: isNow ? ready : [],
    excess: [...leftovers.slice(0, room), ...excess],
    state: isNow && ready.some(isForeign) ? { ...state, leasedMs: nowMs } : undefined,
  }
}
