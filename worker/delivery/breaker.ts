import type { ConnectionStatus } from './destination-api.ts'
import { afterFailure, CLOSED, circuitState } from './circuit.ts'

/** The memory of a receiver between requests: its circuit, and how long it asked to wait. */
export interface Breaker {
  /** How long nothing may be sent, ms; 0 or less when something may. */
  readonly waitMs: () => number
  readonly succeeded: () => void
  /** @param afterMs how long the receiver asks to be left alone */
  readonly failed: (afterMs: number | undefined) => void
  readonly state: () => ConnectionStatus['circuit']
}

export function createBreaker(now: () => number): Breaker {
  let circuit = CLOSED
  let resumeMs = 0
  return {
    waitMs: () => Math.max(circuit.openUntilMs, resumeMs) - now(),
    succeeded: () => {
      circuit = CLOSED
    },
    failed: (afterMs) => {
      circuit = afterFailure(circuit, now())
      if (afterMs !== undefined) resumeMs = now() + afterMs
    },
    state: () => {
      const state = circuitState(circuit, now())
      const { failures, openUntilMs } = circuit
      return state === 'open' ? { state, failures, openUntilMs } : { state, failures }
    },
  }
}
