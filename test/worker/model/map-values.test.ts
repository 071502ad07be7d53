import { expect, it } from 'vitest'
import { mapValues } from '../../../worker/model/map-values.ts'

it.each([
  [{}, {}],
  [
    { b: 1, a: 2 },
    { b: 2, a: 3 },
  ],
  [Object.fromEntries([['__proto__', 1]]), Object.fromEntries([['__proto__', 2]])],
])('changes each value of %j and no key', (record, changed) => {
  expect(Object.entries(mapValues(record, (value: number) => value + 1))).toEqual(Object.entries(changed))
})
