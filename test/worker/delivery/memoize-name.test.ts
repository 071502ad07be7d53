import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { memoizeName } from '../../../worker/delivery/memoize-name.ts'

it('decides as the function does, and once for each name, also where the decision is undefined', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', '', '__proto__')), (names) => {
      const asked: string[] = []
      const decide = (name: string): string | undefined => (name === 'a' ? undefined : `${name}!`)
      const memoized = memoizeName((name) => (asked.push(name), decide(name)))
      expect(names.map(memoized)).toEqual(names.map(decide))
      expect(asked).toEqual([...new Set(names)])
    }),
  )
})

it('keeps a bounded number of names', () => {
  let asked = 0
  const memoized = memoizeName(() => ++asked)
  for (let i = 0; i < 10_000; i++) memoized(String(i))
  memoized('0')
  expect(asked).toBe(10_000)
  memoized('one more')
  memoized('0')
  expect(asked).toBe(10_002)
})
