import { describe, expect, it } from 'vitest'
import { counter, defineCatalog, histogram } from '../../../src/catalog/define-catalog.ts'
import type { Catalog } from '../../../src/catalog/types.ts'

const help = 'What it is.'
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${i}`)
const attributesOf = (count: number): Record<string, 'boolean'> =>
  Object.fromEntries(texts(count).map((name) => [name, 'boolean']))

const FIRST_LINE = 'TypeError: pharos: mistakes in the catalog\n'

/** What is said about a catalog, without its first line; undefined when it is right. */
function mistakesIn(catalog: unknown): string | undefined {
  try {
    defineCatalog(catalog as Catalog)
    return undefined
  } catch (error) {
    return String(error).replace(FIRST_LINE, '')
  }
}

describe('defineCatalog', () => {
  it('gives back what was defined, as data', () => {
    const clicks = counter({ help, attributes: { page: ['/cart', '/basket'] } })
    const duration = histogram({ help, unit: 's', attributes: { cached: 'boolean' }, buckets: [0.1, 1] })
    const written = { 'checkout.clicks': clicks, 'search.duration': duration }
    expect(defineCatalog(written)).toBe(written)
    expect(JSON.parse(JSON.stringify(written))).toEqual({
      'checkout.clicks': { kind: 'counter', help, attributes: { page: ['/cart', '/basket'] } },
      'search.duration': { kind: 'histogram', help, unit: 's', attributes: { cached: 'boolean' }, buckets: [0.1, 1] },
    })
  })

  it.each<[string, unknown]>([
    ['nothing at all', {}],
    ['the longest name', { ['n'.repeat(128)]: counter({ help }) }],
    ['a name of one letter and one that only looks reserved', { a: counter({ help }), pharosity: counter({ help }) }],
    ['the most attributes', { clicks: counter({ help, attributes: attributesOf(16) }) }],
    [
      'the most and longest values',
      { clicks: counter({ help, attributes: { page: [...texts(199), 'x'.repeat(128)] } }) },
    ],
    ['a kind of each', { clicks: counter({ help, attributes: { a: 'string', b: 'number', c: 'boolean', d: ['x'] } }) }],
    ['one bucket, below zero', { duration: histogram({ help, buckets: [-1] }) }],
    ['the most buckets', { duration: histogram({ help, buckets: texts(200).map((_, i) => i) }) }],
    ['a unit with an annotation', { score: histogram({ help, unit: '{score}' }) }],
  ])('takes %s', (_, catalog) => {
    expect(mistakesIn(catalog)).toBeUndefined()
  })

  const NAME = 'name it with letters, digits, "_" and ".", at most 128'
  const RESERVED = 'choose a name that does not begin with "pharos": those are reserved'
  it.each(['', 'a b', '1st', '.clicks', '__clicks', 'n'.repeat(129), 'clicks{page}', 'constructor', 'prototype'])(
    'refuses the name %j',
    (name) => {
      expect(mistakesIn({ [name]: counter({ help }) })).toBe(`${name}: ${NAME}`)
    },
  )
  it.each(['pharos.clicks', 'pharos_clicks'])('refuses the reserved name %j', (name) => {
    expect(mistakesIn({ [name]: counter({ help }) })).toBe(`${name}: ${RESERVED}`)
  })

  it.each([undefined, null, 1, 'clicks', {}, { kind: 'gauge', help }])('refuses the definition %j', (definition) => {
    expect(mistakesIn({ clicks: definition })).toBe('clicks: make it with counter() or histogram()')
  })

  it.each([undefined, '', 1])('refuses the help %j', (help) => {
    expect(mistakesIn({ clicks: counter({ help: help as string }) })).toBe('clicks: give its help')
  })

  it.each(['', 'kilo byte', 'x'.repeat(64), 's\n', '€', 1])('refuses the unit %j', (unit) => {
    expect(mistakesIn({ clicks: counter({ help, unit: unit as string }) })).toBe(
      'clicks: give a base unit as UCUM writes it, such as "s" or "By"',
    )
  })

  it.each([
    ['ms', 's'],
    ['MB/s', 'By/s'],
    ['%', '1'],
  ])('refuses the unit %j and names the base unit %j', (unit, base) => {
    expect(mistakesIn({ duration: histogram({ help, unit }) })).toBe(
      `duration: give the base unit "${base}" instead of "${unit}"`,
    )
  })

  it.each(['s', 'By', '1', 'By/s'])('takes the unit %j', (unit) => {
    expect(mistakesIn({ duration: histogram({ help, unit }) })).toBeUndefined()
  })

  it.each([[[]], [[1, 1]], [[2, 1]], [[1, Infinity]], [[NaN]], [['1']], [texts(201).map((_, i) => i)], [7], [null]])(
    'refuses the buckets %j',
    (buckets) => {
      expect(mistakesIn({ duration: histogram({ help, buckets: buckets as number[] }) })).toBe(
        'duration: give 1 to 200 finite buckets in ascending order',
      )
    },
  )

  it('refuses buckets on a counter', () => {
    expect(mistakesIn({ clicks: { kind: 'counter', help, buckets: [1] } })).toBe('clicks: a counter has no buckets')
  })

  it('refuses too many attributes', () => {
    expect(mistakesIn({ clicks: counter({ help, attributes: attributesOf(17) }) })).toBe(
      'clicks: give at most 16 attributes',
    )
  })

  it.each(['', 'a b', '__name', 'n'.repeat(65), 'constructor'])('refuses the attribute %j', (name) => {
    expect(mistakesIn({ clicks: counter({ help, attributes: { [name]: 'boolean' } }) })).toBe(
      `clicks: name attribute "${name}" with letters, digits, "_" and ".", at most 64`,
    )
  })

  it.each([
    [[]],
    [['a', 'a']],
    [['']],
    [[1]],
    [['x'.repeat(129)]],
    [['a\nb']],
    [texts(201)],
    ['text'],
    [true],
    [null],
    [{ a: 1 }],
  ])('refuses the values %j of an attribute', (values) => {
    expect(mistakesIn({ clicks: counter({ help, attributes: { page: values as string[] } }) })).toBe(
      'clicks: attribute "page" is "boolean", "number", "string" or a list of 1 to 200 different texts of 1 to 128 characters',
    )
  })

  it('lists every mistake of every metric', () => {
    const catalog = { 'a b': counter({ help: '' }), 'pharos.x': histogram({ help, buckets: [] }) }
    expect(() => defineCatalog(catalog)).toThrow(FIRST_LINE.slice('TypeError: '.length))
    expect(mistakesIn(catalog)!.split('\n')).toEqual([
      `a b: ${NAME}`,
      'a b: give its help',
      `pharos.x: ${RESERVED}`,
      'pharos.x: give 1 to 200 finite buckets in ascending order',
    ])
  })
})
