import { expect, it } from 'vitest'
import { isArray, isCount, isObject } from '../../../src/protocol/json.ts'

it.each<[unknown, isArray: boolean, isObject: boolean, isCount: boolean]>([
  [null, false, false, false],
  [undefined, false, false, false],
  ['a', false, false, false],
  [[], true, false, false],
  [{}, false, true, false],
  [Object.create(null), false, true, false],
  [0, false, false, true],
  [2 ** 53 - 1, false, false, true],
  [2 ** 53, false, false, false],
  [-1, false, false, false],
  [0.5, false, false, false],
  [Infinity, false, false, false],
  ['1', false, false, false],
])('%j: an array %s, an object %s, a count %s', (...[value, array, object, count]) => {
  expect([isArray(value), isObject(value), isCount(value)]).toEqual([array, object, count])
})
