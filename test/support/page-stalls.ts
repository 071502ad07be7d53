/** When the machine let this process wait that wanted to run. */
export interface Stalls {
  /** For how long in all between two times, ms since 1970. */
  readonly between: (fromMs: number, toMs: number) => number
  readonly stop: () => void
}

const TICK_MS = 10

/**
 * Watches how late a process wakes up. What a browser promises within some time holds for the time that it may run: on a machine
 * with too much to do any process may stand still, and then so may the browser. A machine at rest has no stalls.
 */
export function watchStalls(): Stalls {
  const stalls: { readonly fromMs: number; readonly toMs: number }[] = []
  let lastMs = Date.now()
  const timer = setInterval(() => {
    const nowMs = Date.now()
    if (nowMs - lastMs > 2 * TICK_MS) stalls.push({ fromMs: lastMs + TICK_MS, toMs: nowMs })
    lastMs = nowMs
  }, TICK_MS)
  return {
    between: (fromMs, toMs) =>
      stalls.reduce((sum, stall) => sum + Math.max(0, Math.min(stall.toMs, toMs) - Math.max(stall.fromMs, fromMs)), 0),
    stop: () => clearInterval(timer),
  }
}
