// Pure: no I/O, no clock, no randomness.
import { backoffMs } from '../protocol/backoff.ts'
import type { Entry } from './entry.ts'

/** How long after the start what other pages left is sent, ms: the page has better things to do before. */
export const FIRST_FLUSH_MS = 1_000

/** Batches of live tabs are theirs to send for at least this long, ms. */
export const YOUNG_MS = 60_000

/** How long one page keeps the leftovers to itself, ms. Short, since its holder may be killed. */
export const LEASE_MS = 10_000

/** Age at which a batch that only a beacon took is worth a request of its own, ms. */
export const CONFIRM_AFTER_MS = 600_000

/** What the tabs of one origin share: who sends, and how long to leave the server alone. Kept in the outbox. */
export interface Pace {
  /** When a page last took the lease, ms since 1970; 0: nobody holds it. */
  readonly leasedMs: number
  /** Failures in a row since the server last answered well or named a wait. */
  readonly failures: number
  /** When the last send failed, ms since 1970. */
  readonly failedMs: number
  /** How long to wait from `failedMs` on, ms; with no `failures`, this is what the server asked for. */
  readonly waitMs: number
  /** What the edge last told the pages of this origin, null for nothing. */
  readonly settings?: string | null
  /** When it did, ms since 1970. */
  readonly heardMs?: number
}

export const AT_REST: Pace = { leasedMs: 0, failures: 0, failedMs: 0, waitMs: 0 }

/** How long the pages of an origin obey what one of them was told, ms: the off switch must not hold for ever. */
export const OBEY_MS = 3_600_000

/** `waitMs` is a `Retry-After`, which wins over the back-off. Who failed gives up the lease. */
export const paceAfter = (
  pace: Pace,
  { failedMs, waitMs, random }: { failedMs: number; waitMs: number | undefined; random: number },
): Pace => {
  const count = waitMs === undefined ? pace.failures + 1 : 0
  return { ...pace, leasedMs: 0, failures: count, failedMs, waitMs: waitMs ?? backoffMs(count, random) }
}

// A start in the future was written before the clock was set back: it binds nobody.
const isWithin = (startMs: number, lengthMs: number, nowMs: number): boolean =>
  startMs <= nowMs && nowMs < startMs + lengthMs

/** What the edge said, while it holds. */
export const settingsIn = ({ settings = null, heardMs = 0 }: Pace, nowMs: number): string | null =>
  isWithin(heardMs, OBEY_MS, nowMs) ? settings : null

/** The timer waits. */
export const isPaused = ({ failedMs, waitMs }: Pace, nowMs: number): boolean => isWithin(failedMs, waitMs, nowMs)

/** Everybody waits: the server asked for it. */
export const isOrdered = (pace: Pace, nowMs: number): boolean => !pace.failures && isPaused(pace, nowMs)

/** A lease from before this page began may be that of a killed browser, so it does not count: at worst a batch travels twice. */
export const isLeased = ({ leasedMs }: Pace, startedMs: number, nowMs: number): boolean =>
  leasedMs > startedMs && isWithin(leasedMs, LEASE_MS, nowMs)

/**
 * Whether a batch of another page may be sent by this one. What was there before this page began may be all that a killed
 * browser left, and this visit may be short; what came later is the business of a live tab, until it is overdue.
 */
export const isLeftover = (
  { sealedMs }: Entry,
  { startedMs, nowMs, youngMs }: { startedMs: number; nowMs: number; youngMs: number },
): boolean => sealedMs <= startedMs || Math.abs(nowMs - sealedMs) > youngMs

/** Whether `entries` are worth sending now. */
export type IsTime = (entries: readonly Entry[], pace: Pace, nowMs: number) => boolean

/** When the timer sends, which carries all the rest along. */
export const isDue: IsTime = (entries, pace, nowMs) =>
  !isPaused(pace, nowMs) &&
  entries.some(({ beaconedMs }) => !beaconedMs || Math.abs(nowMs - beaconedMs) > CONFIRM_AFTER_MS)

/**
 * The same, for what is not the page's own. At the start: what this page has recorded by then can wait, so that a short page view
 * costs one request.
 */
export const isDueWithout =
  (isOwn: (entry: Entry) => boolean): IsTime =>
  (entries, pace, nowMs) =>
    isDue(
      entries.filter((entry) => !isOwn(entry)),
      pace,
      nowMs,
    )

/** When an explicit flush sends: it tries once even in back-off, and confirms what only a beacon took. */
export const isWanted: IsTime = (_, pace, nowMs) => !isOrdered(pace, nowMs)
