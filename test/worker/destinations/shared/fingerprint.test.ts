import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fingerprint } from '../../../../worker/destinations/shared/fingerprint.ts'

const anyTexts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ''), maxLength: 4 }), { maxLength: 4 })

it('is equal for equal lists only', () => {
  fc.assert(
    fc.property(anyTexts, anyTexts, (left, right) => {
      expect(fingerprint(left)).toMatch(/^[0-9a-f]{16}$/)
      expect(fingerprint(left) === fingerprint(right)).toBe(JSON.stringify(left) === JSON.stringify(right))
    }),
    { numRuns: 2_000 },
  )
})

it('meets no other among many neighbours', () => {
  const all = Array.from({ length: 100_000 }, (_, i) => fingerprint([`["counter","a","","","i","${i}"]`]))
  expect(new Set(all).size).toBe(all.length)
  for (const half of [all.map((text) => text.slice(0, 8)), all.map((text) => text.slice(8))])
    // Of 100,000 random values of 32 bits, 1.2 meet on average.
    expect(new Set(half).size).toBeGreaterThan(all.length - 20)
})

// The names of files that are stored already hang on it.
it('is what it was', () => {
  expect(fingerprint([])).toBe('1388a0fbede1521e')
  expect(fingerprint(['["counter","a","",""]'])).toBe('6d03742cd724adf3')
})
