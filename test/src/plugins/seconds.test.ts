import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { secondsOf } from '../../../src/plugins/seconds.ts'

it.each([
  [0, 0],
  [40, 0.04],
  [1_234.5, 1.2345],
  [100.30000001192093, 0.1003],
  [0.0004, 0],
])('%d ms are %d s', (ms, seconds) => {
  expect(secondsOf(ms)).toBe(seconds)
})

it('is off by half a microsecond at most, and short as text', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (ms) => {
      const seconds = secondsOf(ms)
      expect(Math.abs(seconds * 1_000 - ms)).toBeLessThanOrEqual(0.000_501)
      expect(String(seconds)).toMatch(/^\d+(\.\d{1,6})?$|e-/)
    }),
  )
})
