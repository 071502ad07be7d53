import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  type Circuit,
  circuitState,
  CLOSED,
  MAX_FAILURES,
  OPEN_MS,
} from '../../../worker/delivery/circuit.ts'

const afterFailures = (count: number, nowMs: number): Circuit =>
  Array.from({ length: count }).reduce<Circuit>((circuit) => afterFailure(circuit, nowMs), CLOSED)

describe('circuit', () => {
  it('stays closed below five failures', () => {
    expect(afterFailures(MAX_FAILURES - 1, 1_000).openUntilMs).toBe(0)
  })

  it('opens for a minute at the fifth', () => {
    expect(afterFailures(MAX_FAILURES, 1_000)).toEqual({ failures: 5, openUntilMs: 1_000 + OPEN_MS })
  })

  it('opens again when the probe fails', () => {
    const open = afterFailures(MAX_FAILURES, 1_000)
    expect(afterFailure(open, open.openUntilMs).openUntilMs).toBe(1_000 + 2 * OPEN_MS)
  })

  it.each([
    [0, 1_000, 'closed'],
    [4, 1_000, 'closed'],
    [5, 1_000, 'open'],
    [5, 60_999, 'open'],
    [5, 61_000, 'half-open'],
    [6, 61_000, 'half-open'],
  ] as const)('after %i failures at 1 s it is at %i ms %s', (failures, nowMs, state) => {
    expect(circuitState(afterFailures(failures, 1_000), nowMs)).toBe(state)
  })
})
