import * as fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  flag,
  isObject,
  matching,
  oneOf,
  passing,
  plainObject,
  record,
  rules,
  strictObject,
  text,
  wholeNumber,
} from '../../../worker/schema/fields.ts'
import { mistakesIn, parsed } from './parsed.ts'

const short = matching(/^[a-z]{1,3}$/, 'give 1 to 3 letters')

interface Field {
  readonly name: string
  readonly schema: v.GenericSchema
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
  readonly advice: string
}

describe('a field', () => {
  it.each<Field>([
    { name: 'text', schema: text('give text'), good: ['a', ' ', '\ud800'], bad: ['', 1, null, undefined, ['a']], advice: 'give text' },
    { name: 'wholeNumber', schema: wholeNumber(1, 3), good: [1, 2, 3], bad: [0, 4, 1.5, 0.5, 3.5, '1', 1n, Number.NaN, Infinity, null], advice: 'give a whole number from 1 to 3' },
    { name: 'wholeNumber, of zero', schema: wholeNumber(0, 0), good: [0, -0], bad: [1, -1, false, ''], advice: 'give a whole number from 0 to 0' },
    { name: 'flag', schema: flag, good: [true, false], bad: [0, 1, 'true', null, undefined], advice: 'give true or false' },
    { name: 'matching', schema: short, good: ['a', 'abc'], bad: ['', 'abcd', 'a\n', 7, ['a']], advice: 'give 1 to 3 letters' },
    { name: 'passing', schema: passing((it) => it.length > 2, 'give more'), good: ['abc'], bad: ['ab', [1, 2, 3], null], advice: 'give more' },
    { name: 'oneOf two', schema: oneOf(['a', 'b']), good: ['a', 'b'], bad: ['c', 'A', '', 0, null, 'constructor'], advice: 'give "a" or "b"' },
    { name: 'oneOf three', schema: oneOf(['a', 'b', 'c']), good: ['c'], bad: ['d', ['a']], advice: 'give "a", "b" or "c"' },
  ])('$name takes what it names, and says what to do with the rest', ({ schema, good, bad, advice }) => {
    for (const written of good) expect(parsed(schema, written)).toBe(written)
    for (const written of bad) expect(mistakesIn(schema, written)).toEqual([`it: ${advice}`])
  }) // prettier-ignore

  it.each<[unknown, boolean]>([
    [{}, true],
    [Object.create(null), true],
    [[], false],
    [null, false],
    ['{}', false],
    [() => {}, false],
  ])('isObject(%o) is %s', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })
})

const PROTOTYPE = 'it: remove the keys "__proto__", "constructor" and "prototype": they are not possible here'
const hostile = ['{"__proto__":"x"}', '{"constructor":"x"}', '{"prototype":"x"}', '{"a":"b","__proto__":{"a":1}}']

describe.each<[string, v.GenericSchema]>([
  ['plainObject', plainObject('give an object')],
  ['strictObject', strictObject({ a: v.exactOptional(short) }, 'give an object')],
  ['record', record(short, short, 'give an object')],
])('%s', (_, schema) => {
  it.each([[[]], ['{}'], [null], [undefined], [7], [[{ a: 'b' }]]])('says that %j is no object', (written) => {
    expect(mistakesIn(schema, written)).toEqual(['it: give an object'])
  })

  it.each(hostile)('has no way to a prototype: %s', (written) => {
    expect(mistakesIn(schema, JSON.parse(written))).toContain(PROTOTYPE)
  })

  it('takes an object', () => {
    expect(parsed(schema, { a: 'b' })).toEqual({ a: 'b' })
    expect(parsed(schema, {})).toEqual({})
  })
})

describe('strictObject', () => {
  const schema = strictObject({ a: short, b: v.exactOptional(short) }, 'give an object')

  it.each<[object, string[]]>([
    [{ a: 'x', b: 'y' }, []],
    [{}, ['it.a: add this key: it is missing']],
    [{ a: 'x', c: 1, d: 2 }, ['c', 'd'].map((key) => `it.${key}: remove this key, or correct its spelling: it is not known`)],
    [{ a: '', b: 7 }, ['it.a: give 1 to 3 letters', 'it.b: give 1 to 3 letters']],
    [{ toString: 'x' }, ['it.a: add this key: it is missing', 'it.toString: remove this key, or correct its spelling: it is not known']],
  ])('lists every mistake of %j', (written, mistakes) => {
    expect(mistakesIn(schema, written)).toEqual(mistakes)
  }) // prettier-ignore
})

describe('record', () => {
  const schema = record(short, v.array(flag, 'give a list'), 'give an object')

  it.each<[object, string[]]>([
    [{ a: [true], b: [] }, []],
    [{ long1: [] }, ['it.long1: give 1 to 3 letters']],
    [{ a: 1, b: [true, 'x'] }, ['it.a: give a list', 'it.b[1]: give true or false']],
  ])('lists every mistake of %j', (written, mistakes) => {
    expect(mistakesIn(schema, written)).toEqual(mistakes)
  })

  it('gives back any keys that it takes', () => {
    const anyKeys = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.array(fc.boolean()), { noNullPrototype: true })
    fc.assert(
      fc.property(anyKeys, (written) => {
        expect(parsed(schema, written)).toEqual(written)
      }),
    )
  })
})

describe('rules', () => {
  const both = strictObject({ a: v.exactOptional(short), b: v.exactOptional(short) }, 'give an object')
  const schema = v.pipe(
    both,
    rules(({ a, b }) =>
      a !== undefined && b !== undefined ? [{ path: ['list', 2, 'b'], advice: 'give a or b' }] : [],
    ),
    rules(({ a }) => (a === 'x' ? [{ path: [], advice: 'give another' }] : [])),
  )

  it.each<[unknown, string[]]>([
    [{ a: 'y' }, []],
    [{ a: 'y', b: 'z' }, ['it.list[2].b: give a or b']],
    [{ a: 'x', b: 'z' }, ['it.list[2].b: give a or b', 'it: give another']],
    ['no object', ['it: give an object']],
    [null, ['it: give an object']],
  ])('list what is wrong with several keys of %j', (written, mistakes) => {
    expect(mistakesIn(schema, written)).toEqual(mistakes)
  })

  it('see what was written, whatever else is wrong with it', () => {
    expect(mistakesIn(schema, { a: 7, b: 'z' })).toEqual(['it.a: give 1 to 3 letters', 'it.list[2].b: give a or b'])
  })
})
