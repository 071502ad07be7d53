/** Beacons that should share one row. */
export const BEACONS_PER_ROW = 16

/** Longest time a beacon waits for others, ms. No page waits for the answer, but the beacon holds a request. */
export const MAX_HOLD_MS = 100

/** Rate under which waiting for another beacon is not worth it, beacons/s. */
const QUIET_RATE = 8

/** Time over which the rate is averaged, ms: short, because until it is known every beacon costs a row. */
const RATE_WINDOW_MS = 500

/** Decides how long a commit waits for more beacons, because each row written costs money. */
export interface CommitWindow {
  /** How long to hold a commit that begins to gather now, ms. */
  readonly holdMs: (nowMs: number) => number
  readonly committed: (beacons: number, nowMs: number) => void
}

/** A commit this large gains little by waiting. Under load, this ends the hold before the time does. */
export const isWorthARow = (beacons: number): boolean => beacons >= BEACONS_PER_ROW

export function createCommitWindow(): CommitWindow {
  let ratePerMs = 0
  let lastMs = 0
  const elapsedOf = (nowMs: number): number => Math.max(0, nowMs - lastMs) / RATE_WINDOW_MS
  return {
    holdMs: (nowMs) => {
      const rate = ratePerMs * Math.exp(-elapsedOf(nowMs)) * 1_000
      return rate < QUIET_RATE ? 0 : Math.min(MAX_HOLD_MS, (BEACONS_PER_ROW / rate) * 1_000)
    },
    committed: (beacons, nowMs) => {
      // An exponentially weighted mean at uneven times: it takes the beacons as spread evenly since the last commit.
      const elapsed = elapsedOf(nowMs)
      const decay = Math.exp(-elapsed)
      const spread = elapsed === 0 ? 1 : (1 - decay) / elapsed
      ratePerMs = ratePerMs * decay + (beacons / RATE_WINDOW_MS) * spread
      lastMs = Math.max(lastMs, nowMs)
    },
  }
}
