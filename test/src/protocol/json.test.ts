import { describe, expect, it } from 'vitest'
import { isArray, isCount, isObject } from '../../../src/protocol/json.ts'

const kindOf = (value: unknown): string[] =>
  Object.entries({ array: isArray, object: isObject, count: isCount })
    .filter(([, isKind]) => isKind(value))
    .map(([kind]) => kind)

describe('a value of JSON', () => {
  it.each<[unknown, string[]]>([
    [[], ['array']],
    [[[1]], ['array']],
    [{}, ['object']],
    [{ length: 1, 0: 'a' }, ['object']],
    [JSON.parse('{"__proto__":[]}'), ['object']],
    [Object.create(null), ['object']],
    [null, []],
    [undefined, []],
    ['[]', []],
    [true, []],
    [0, ['count']],
    [-0, ['count']],
    [1, ['count']],
    [Number.MAX_SAFE_INTEGER, ['count']],
    [Number.MAX_SAFE_INTEGER + 1, []],
    [-1, []],
    [0.5, []],
    [Number.NaN, []],
    [Infinity, []],
    ['1', []],
    [1n, []],
  ])('%o is %j', (value, kinds) => {
    expect(kindOf(value)).toEqual(kinds)
  })
})
