/**
 * Milliseconds as seconds, to the microsecond: browsers measure no finer (https://w3c.github.io/hr-time/#dfn-coarsen-time), and rounding
 * noise would be bytes on the wire.
 */
export const secondsOf = (ms: number): number => Math.round(ms * 1_000) / 1e6
