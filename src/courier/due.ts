import { hasNews } from '../core/entry.ts'
import type { Entry } from '../core/types.ts'
import { isPaused, isWithin, type SendState } from '../protocol/send-state.ts'

/** Batches of live tabs are theirs to send for at least this long, ms. */
export const YOUNG_MS = 60_000

/** How long one page keeps the leftovers to itself, ms. Short, since its holder may be killed. */
export const LEASE_MS = 10_000

/** A lease from before this page began may be that of a killed browser, so it does not count: at worst a batch travels twice. */
export const isLeased = ({ leasedMs }: SendState, startedMs: number, nowMs: number): boolean =>
  leasedMs >= startedMs && isWithin(leasedMs, LEASE_MS, nowMs)

/**
 * Whether a batch of another page may be sent by this one. Batches from before this page began may be all that a killed
 * browser left, and this visit may be short. Later ones belong to a live tab, until they are overdue.
 */
export const isLeftover = (
  { sealedMs }: Entry,
  { startedMs, nowMs, youngMs }: { startedMs: number; nowMs: number; youngMs: number },
): boolean => sealedMs <= startedMs || Math.abs(nowMs - sealedMs) > youngMs

/** What could be sent now. */
export interface Ready {
  readonly ready: readonly Entry[]
  /** Those of other pages among them. */
  readonly leftovers: readonly Entry[]
  readonly state: SendState
  readonly nowMs: number
}

/** Whether a request is worth it now. No page asks before the end of a `Retry-After`. */
export type Trigger = (ready: Ready) => boolean

/** Whether the timer sends. It then sends everything. */
export const isTimerDue: Trigger = ({ ready, state, nowMs }) => !isPaused(state, nowMs) && hasNews(ready, nowMs)

/**
 * Whether a page sends at its start: if other pages left batches, even in back-off, since the user is here now. The records of this
 * page can wait, so that a short page view costs one request.
 */
export const hasLeftovers: Trigger = ({ leftovers, nowMs }) => hasNews(leftovers, nowMs)

/** An explicit flush always sends: it tries once even in back-off, and confirms batches that have left. */
export const isExplicitFlush: Trigger = () => true
