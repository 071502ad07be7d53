import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BACKOFF_BASE_MS,
  BACKOFF_CAP_MS,
  backoffMs,
  RETRY_AFTER_CAP_MS,
  retryAfterMs,
} from '../../../src/protocol/backoff.ts'

const nowMs = Date.parse('2026-11-21T12:00:00Z')

describe('backoffMs', () => {
  it.each([
    [1, 2 * BACKOFF_BASE_MS],
    [2, 4 * BACKOFF_BASE_MS],
    [9, BACKOFF_CAP_MS],
    [5_000, BACKOFF_CAP_MS],
  ])('after %d failures is below %d', (failures, bound) => {
    expect(backoffMs(failures, 0)).toBe(0)
    expect(backoffMs(failures, 0.5)).toBe(bound / 2)
  })

  it('never leaves its bounds', () => {
    const agrees = (failures: number, random: number): void => {
      expect(backoffMs(failures, random)).toBeGreaterThanOrEqual(0)
      expect(backoffMs(failures, random)).toBeLessThan(BACKOFF_CAP_MS)
    }
    fc.assert(
      fc.property(fc.integer({ min: 1 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), agrees),
    )
  })
})

describe('retryAfterMs', () => {
  it.each([
    ['5', 5_000],
    ['0', 0],
    ['999999999999', RETRY_AFTER_CAP_MS],
    ['9'.repeat(400), RETRY_AFTER_CAP_MS],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('of %j is %j', (header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms)
  })
})
