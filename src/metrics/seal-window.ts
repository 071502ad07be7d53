// Pure: no I/O, no clock, no randomness.

/** From the first record of a window to its sealing, ms: what is sealed survives a killed browser. */
export const WINDOW_MS = 100

/** Of a page's batches so many may wait before its windows grow. */
export const MANY_BATCHES = 400

/**
 * While the server is away windows grow, twofold for every 60 batches that wait: the 1,000 batches of the outbox would hold
 * 100 seconds of a page that records all the time, and so they hold two hours. The promise to lose nothing older than 150 ms
 * with a killed browser holds while fewer than `MANY_BATCHES` wait; beyond, it is the window that may be lost, at most two minutes.
 */
export const windowMsFor = (waiting: number): number => WINDOW_MS * 2 ** (Math.max(0, waiting - MANY_BATCHES) / 60)
