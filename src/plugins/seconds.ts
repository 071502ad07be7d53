/** To the microsecond: no browser measures finer, and the noise of its subtractions would be bytes on the wire. */
export const secondsOf = (ms: number): number => Math.round(ms * 1_000) / 1e6
