import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOptions, checkSeries } from '../../../src/check/index.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { revoked, said, throwing } from './said.ts'

const WITH_IT = 'Records with it are dropped (bad_attributes).'
const A_VALUE = 'Use a text, a finite number, true or false, or leave it out.'

const saidOfAttributes = (attributes: unknown): string[] =>
  said((say) => checkSeries({ kind: 'counter', name: 'clicks', attributes }, say))

describe('the attributes of a series', () => {
  it.each<[unknown, ...string[]]>([
    [null, `its attributes are null. It is recorded without attributes. Write an object: { page: '/cart' }.`],
    [
      'cart',
      `its attributes are "cart". Records with them are dropped (bad_attributes). Write an object: { page: '/cart' }.`,
    ],
    [5, `its attributes are 5. It is recorded without attributes. Write an object: { page: '/cart' }.`],
    [
      ['cart'],
      `its attributes are an array. Records with them are dropped (bad_attributes). Write an object: { page: '/cart' }.`,
    ],
    [new Map(), 'its attributes are a Map, which has no attributes of its own. Write Object.fromEntries(map).'],
    [{ a: null }, `attribute "a" is null. ${WITH_IT} ${A_VALUE}`],
    [{ a: NaN }, `attribute "a" is NaN. ${WITH_IT} ${A_VALUE}`],
    [{ a: -Infinity }, `attribute "a" is -Infinity. ${WITH_IT} ${A_VALUE}`],
    [{ a: {} }, `attribute "a" is an object. ${WITH_IT} ${A_VALUE}`],
    [{ a: [] }, `attribute "a" is an array. ${WITH_IT} ${A_VALUE}`],
    [{ a: 1n }, `attribute "a" is a bigint. ${WITH_IT} ${A_VALUE}`],
    [{ a: () => 1 }, `attribute "a" is a function. ${WITH_IT} Call it, and use what it returns.`],
    [{ a: Symbol('a') }, 'attribute "a" is a symbol, which cannot be sent. It is left out. Use its description.'],
    [
      { a: 'x'.repeat(129) },
      `attribute "a" has 129 characters, more than 128. ${WITH_IT} Use values from a small set, such as a type or a route.`,
    ],
    [
      { a: 'b\u0007' },
      `attribute "a" has U+0007, which cannot be sent, as character 2. ${WITH_IT} Use values from a small set, such as a type or a route.`,
    ],
    [
      { a: 'b\uD800' },
      `attribute "a" has U+D800, which cannot be sent, as character 2. ${WITH_IT} Use values from a small set, such as a type or a route.`,
    ],
    [
      { a: '[object Object]' },
      'attribute "a" contains an unset variable, or an object converted to text. It is recorded as it is. Set the value, or leave the attribute out.',
    ],
    [
      { 'data-page': 1, b: null },
      `the attribute name "data-page" has "-" as character 5. ${WITH_IT} Write "data_page".`,
      `attribute "b" is null. ${WITH_IT} ${A_VALUE}`,
    ],
    [
      { ['n'.repeat(65)]: 1 },
      `the attribute name "${'n'.repeat(65)}" has 65 characters, more than 64. ${WITH_IT} Use letters, digits, "_" and ".", a letter or "_" first, at most 64.`,
    ],
    [
      Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${i}`, i])),
      '17 attributes are more than 16. Its records are dropped (bad_attributes). Leave some out.',
    ],
  ])('attributes %#', (attributes, ...texts) => {
    expect(saidOfAttributes(attributes)).toEqual(texts.map((text) => `counter "clicks": ${text}`))
  })

  it.each([[undefined], [{}], [{ a: 'x', b: 1, c: false, d: '' }], [{ a: undefined }], [{ id: '550e8400-e29b' }]])(
    'has nothing to say about the attributes %j',
    (attributes) => {
      expect(saidOfAttributes(attributes)).toEqual([])
    },
  )

  it.each([revoked, () => throwing('page')])('names attributes that cannot be read', (make) => {
    expect(saidOfAttributes(make())).toEqual([
      'An attribute of counter "clicks" cannot be read: a getter or a proxy in it throws. Its records are dropped (bad_attributes). Pass plain values.',
    ])
  })

  it('names attributes exactly where they are refused', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.constant(null))
    const holds = fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), (attributes) => {
      const isRefused = canonicalAttributes(attributes as Attributes) === undefined
      return saidOfAttributes(attributes).join(' ').includes('(bad_attributes)') === isRefused
    })
    expect(() => fc.assert(holds)).not.toThrow()
  })
})

it.each<[string, unknown, ...string[]]>([
  ['attributes', null, `option "attributes" is null. No attribute is sent. Write an object: { page: '/cart' }.`],
  ['attributes', 'a=1', `option "attributes" is "a=1". No attribute is sent. Write an object: { page: '/cart' }.`],
  ['attributes', ['a'], `option "attributes" is an array. No attribute is sent. Write an object: { page: '/cart' }.`],
  [
    'attributes',
    new Map([['a', 1]]),
    'option "attributes" is a Map, which has no attributes of its own. Write Object.fromEntries(map).',
  ],
  [
    'attributes',
    Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${i}`, i])),
    'option "attributes": 17 attributes are more than 16. The first 16 are used. Leave some out.',
  ],
  [
    'attributes',
    { 'user id': 1, b: NaN },
    'option "attributes": the attribute name "user id" has a space as character 5. It is left out. Write "user_id".',
    `option "attributes": attribute "b" is NaN. It is left out. ${A_VALUE}`,
  ],
  [
    'attributes',
    { a: () => 1, b: Symbol('b') },
    'option "attributes": attribute "a" is a function. It is left out. Call it, and use what it returns.',
    'option "attributes": attribute "b" is a symbol, which cannot be sent. It is left out. Use its description.',
  ],
  [
    'attributes',
    { a: 'x'.repeat(129) },
    'option "attributes": attribute "a" has 129 characters, more than 128. It is left out. Use values from a small set, such as a type or a route.',
  ],
])('option %s: %j', (_, value, ...texts) => {
  expect(said((say) => checkOptions({ attributes: value }, say))).toEqual(texts)
})
