import { expect, it } from 'vitest'
import { sessionHash } from '../../../../worker/state/dedupe/session-hash.ts'

const sessions = Array.from({ length: 20_000 }, (_, i) => `AAAAAAAAAAAA${i.toString(36).padStart(4, '0')}`)

it('spreads ids that differ little over 32 bits', () => {
  const hashes = sessions.map((session) => sessionHash(session, 7))
  expect(hashes.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32)).toBe(true)
  // Of 20,000 random numbers of 32 bits, 0.05 pairs meet on average.
  expect(new Set(hashes).size).toBeGreaterThan(sessions.length - 3)
  const high = hashes.filter((hash) => hash >= 2 ** 31).length
  expect(Math.abs(high - 10_000)).toBeLessThan(500)
})

it('is another hash with another seed', () => {
  expect(sessionHash('AAAAAAAAAAAAAAAA', 1)).not.toBe(sessionHash('AAAAAAAAAAAAAAAA', 2))
})
