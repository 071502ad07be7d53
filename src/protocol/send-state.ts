import { backoffMs } from './backoff.ts'

/** How sending to an endpoint goes. Its pages share one in the outbox, under the key `pace` (docs/STORAGE.md); an edge client has its own. */
export interface SendState {
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

/** Of an endpoint that takes requests and asked for nothing. */
export const IDLE: SendState = { leasedMs: 0, failures: 0, failedMs: 0, waitMs: 0 }

/** How long the pages of an endpoint apply settings that one of them got, ms: the off switch must not hold for ever. */
export const SETTINGS_TTL_MS = 3_600_000

/** The state after a failure, which gives up the lease. `waitMs` is a `Retry-After`, which wins over the back-off. */
export const afterFailure = (
  state: SendState,
  { failedMs, waitMs, random }: { failedMs: number; waitMs: number | undefined; random: number },
): SendState => {
  const failures = waitMs === undefined ? state.failures + 1 : 0
  return { ...state, leasedMs: 0, failures, failedMs, waitMs: waitMs ?? backoffMs(failures, random) }
}

/** A start in the future was written before the clock was set back, so it does not count. */
export const isWithin = (startMs: number, lengthMs: number, nowMs: number): boolean =>
  startMs <= nowMs && nowMs < startMs + lengthMs

/** The settings of the edge, while they hold. */
export const settingsIn = ({ settings = null, heardMs = 0 }: SendState, nowMs: number): string | null =>
  isWithin(heardMs, SETTINGS_TTL_MS, nowMs) ? settings : null

/** Whether the timer waits: for a back-off, or because the server asked for it. */
export const isPaused = ({ failedMs, waitMs }: SendState, nowMs: number): boolean => isWithin(failedMs, waitMs, nowMs)

/** Whether all pages wait, even for an explicit flush, because the server asked for it. */
export const isHeldByServer = (state: SendState, nowMs: number): boolean => !state.failures && isPaused(state, nowMs)
