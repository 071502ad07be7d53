import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createNameLimit } from '../../../src/plugins/name-limit.ts'

it('keeps the first names, however often they come, and calls the rest other', () => {
  const limit = createNameLimit(2)
  expect(['a', 'b', 'a', 'c', 'b', 'd'].map(limit)).toEqual(['a', 'b', 'a', 'other', 'b', 'other'])
})

it.each([0, -1, Number.NaN])('a limit of %d lets no name through', (max) => {
  expect(createNameLimit(max)('a')).toBe('other')
})

it('never lets more names through than its limit, and always answers alike for a name it let through', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,2}$/)), fc.nat(10), (names, max) => {
      const limit = createNameLimit(max)
      const passed = new Set(names.filter((name) => limit(name) === name))
      expect(passed.size).toBeLessThanOrEqual(max)
      expect(passed.size).toBe(Math.min(max, new Set(names).size))
      for (const name of passed) expect(limit(name)).toBe(name)
    }),
  )
})
