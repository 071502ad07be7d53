import { backoffMs } from './backoff.ts'

export interface Pace {
  /** When a page last took the lease, ms since 1970; 0: no page holds it. */
  readonly leasedMs: number
  /** Failures in a row since the server last answered well or named a wait. */
  readonly failures: number
  /** When the last send failed, ms since 1970. */
  readonly failedMs: number
  /** How long to wait from `failedMs` on, ms; with no `failures`, this is what the server asked for. */
  readonly waitMs: number
  /** The settings that the edge last sent to the pages of this endpoint; null for none. */
  readonly settings?: string | null
  /** When it sent them, ms since 1970. */
  readonly heardMs?: number
}

export const AT_REST: Pace = { leasedMs: 0, failures: 0, failedMs: 0, waitMs: 0 }

/** How long the pages of an endpoint obey settings that one of them got, ms: the off switch must not hold for ever. */
export const OBEY_MS = 3_600_000

/** After a failure, which gives up the lease. `waitMs` is a `Retry-After`, which wins over the back-off. */
export const paceAfter = (
  pace: Pace,
  { failedMs, waitMs, random }: { failedMs: number; waitMs: number | undefined; random: number },
): Pace => {
  const failures = waitMs === undefined ? pace.failures + 1 : 0
  return { ...pace, leasedMs: 0, failures, failedMs, waitMs: waitMs ?? backoffMs(failures, random) }
}

/** A start in the future was written before the clock was set back, so it does not count. */
export const isWithin = (startMs: number, lengthMs: number, nowMs: number): boolean =>
  startMs <= nowMs && nowMs < startMs + lengthMs

/** The settings of the edge, while they hold. */
export const settingsIn = ({ settings = null, heardMs = 0 }: Pace, nowMs: number): string | null =>
  isWithin(heardMs, OBEY_MS, nowMs) ? settings : null

/** The timer waits. */
export const isPaused = ({ failedMs, waitMs }: Pace, nowMs: number): boolean => isWithin(failedMs, waitMs, nowMs)

/** All pages wait, because the server asked for it. */
export const isOrdered = (pace: Pace, nowMs: number): boolean => !pace.failures && isPaused(pace, nowMs)
