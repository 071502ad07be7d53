/** Failures in a row that open the circuit. */
export const MAX_FAILURES = 5

/** How long it stays open, ms. */
export const OPEN_MS = 60_000

/**
 * Stops requests to a receiver that is down. After `OPEN_MS` it is half-open: a destination sends one request at a time, so
 * the first one probes, and its failure opens the circuit again.
 */
export interface Circuit {
  /** Failures in a row. */
  readonly failures: number
  /** Nothing is sent before, ms since 1970. */
  readonly openUntilMs: number
}

export const CLOSED: Circuit = { failures: 0, openUntilMs: 0 }

export function afterFailure({ failures }: Circuit, nowMs: number): Circuit {
  const count = failures + 1
  return { failures: count, openUntilMs: count >= MAX_FAILURES ? nowMs + OPEN_MS : 0 }
}

export function circuitState({ failures, openUntilMs }: Circuit, nowMs: number): 'closed' | 'open' | 'half-open' {
  if (failures < MAX_FAILURES) return 'closed'
  return nowMs < openUntilMs ? 'open' : 'half-open'
}
