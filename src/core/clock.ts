let aheadMs = 0

/**
 * Ms since 1970 by a clock that does not jump when the wall clock is set: batches are sealed and sent by it, so that their age stays
 * right (https://www.w3.org/TR/hr-time-3/#dfn-wall-clock).
 */
export const now = (): number => {
  try {
    return Math.round(performance.timeOrigin + performance.now() + aheadMs) || Date.now()
  } catch {
    // A page may have broken it.
    return Date.now()
  }
}

/**
 * Sets the clock by the wall clock; for a moment when no batch depends on it. Other pages judge by theirs how old a batch is, and this
 * one stands still while a laptop sleeps (https://github.com/w3c/hr-time/issues/115).
 */
export const setClock = (): void => {
  aheadMs += Date.now() - now() || 0
}
