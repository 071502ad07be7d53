import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { exactIndex, finestIndex } from '../../../src/protocol/histogram.ts'
import { anyValue } from '../../support/arbitraries.ts'

it('is exactIndex, the first time and every other', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      fc.pre(value !== 0)
      const expected = exactIndex(Math.abs(value))
      expect(finestIndex(Math.abs(value))).toBe(expected)
      expect(finestIndex(Math.abs(value))).toBe(expected)
    }),
    { numRuns: 2_000 },
  )
})

it('is exactIndex at both ends of every slice and at every bound of a bucket', () => {
  for (let slice = 0; slice < 4_096; slice++)
    for (const value of [1 + slice / 4_096, 1 + (slice + 1) / 4_096 - 2 ** -52, 1 + (slice + 0.5) / 4_096])
      for (const scaled of [value, value / 1024, value * 2 ** 40]) expect(finestIndex(scaled)).toBe(exactIndex(scaled))
  for (let bound = 0; bound < 256; bound++)
    for (const value of [2 ** (bound / 256), 2 ** (bound / 256) + 2 ** -52])
      expect(finestIndex(value)).toBe(exactIndex(value))
})
