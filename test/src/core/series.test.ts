import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRecorder } from '../../../src/core/record.ts'
import { createFinder, MAX_SERIES } from '../../../src/core/series.ts'
import type { Cell, Recorder } from '../../../src/core/types.ts'
import { BODY_BYTES } from '../../../src/core/keepalive-budget.ts'
import type { Attributes } from '../../../src/protocol/types.ts'

const createTestRecorder = (): Recorder =>
  createRecorder(
    () => {},
    () => {},
  )
const finder = (recorder = createTestRecorder()) => createFinder(recorder, 0)
const hostile = (attributes: unknown): Attributes => attributes as Attributes

// The development build says what is wrong; its texts have tests of their own (test/src/check).
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

const throwing = (): never => {
  throw new Error('no')
}

describe('one spelling', () => {
  it.each<[string, () => Attributes | undefined]>([
    ['the same attributes', () => ({ a: 1, b: 'x' })],
    ['none', () => undefined],
    ['an empty object', () => ({})],
    ['NaN', () => ({ a: NaN })],
    ['an attribute that is undefined', () => hostile({ a: undefined, b: 1 })],
    ['an attribute that is null', () => hostile({ a: null })],
    ['inherited attributes', () => Object.assign(Object.create({ inherited: 1 }), { a: 1 })],
    ['symbols as names', () => ({ [Symbol('s')]: 1, a: 1 })],
    ['a name that every object has', () => hostile({ constructor: 1, toString: 'x' })],
    ['__proto__', () => JSON.parse('{"__proto__":1}') as Attributes],
  ])('is one cell: %s', (_, make) => {
    const find = finder()
    const cell = find('m', make())
    expect(cell).toBeTypeOf('object')
    for (let i = 0; i < 3; i++) expect(find('m', make())).toBe(cell)
    expect(find('n', make())).not.toBe(cell)
  })

  it.each<[string, unknown, unknown, unknown]>([
    ['a value', { a: 1 }, { a: 2 }, undefined],
    ['a name', { a: 1 }, { b: 1 }, undefined],
    ['one more', { a: 1 }, { a: 1, b: 1 }, undefined],
    ['none', { a: 1 }, undefined, undefined],
    ['an inherited one that is its own', Object.assign(Object.create({ b: 1 }), { a: 1 }), { a: 1, b: 1 }, undefined],
    ['a name that is a value', { a: 'b' }, { b: 'a' }, undefined],
    ['an empty name', { '': 1 }, {}, undefined],
    ['the order: the edge adds the two', { a: 1, b: 'x' }, { b: 'x', a: 1 }, undefined],
    ['the type of a value: the edge adds the two', { a: 1, b: true }, { a: '1', b: 'true' }, undefined],
    ['what is left out of the JSON: the edge adds the two', { a: 1, b: undefined }, { a: 1 }, ',{"a":1}]'],
    ['a symbol as value, the same', { a: 1, b: Symbol('v') }, { a: 1 }, ',{"a":1}]'],
  ])('%s is another', (_, one, ...[other, tail]) => {
    const find = finder()
    const cell = find('m', hostile(one))
    expect(find('m', hostile(other))).not.toBe(cell)
    expect(find('m', hostile(other))).toBe(find('m', hostile(other)))
    expect(find('m', hostile(one))).toBe(cell)
    for (const it of [one, other]) expect(find('m', hostile(it))).toMatchObject(tail ? { tail } : {})
  })
})

it('writes the point around its value', () => {
  const find = finder()
  expect(find('m.n', { b: 2, a: 'ü"' })).toMatchObject({ head: '["m.n",', tail: ',{"b":2,"a":"ü\\""}]', least: 0 })
  expect(find('m')).toMatchObject({ head: '["m",', tail: ']' })
})

it('leaves to the edge what only the edge can judge', () => {
  const find = finder()
  for (const name of ['', 'a-b', '__a', 'a'.repeat(129), 'ü']) expect(find(name)).toBeTypeOf('object')
  for (const attributes of [{ 'a-b': 1 }, { a: NaN }, { a: '\u0000' }, { a: '\ud800' }, { a: 'x'.repeat(129) }])
    expect(find('m', attributes)).toBeTypeOf('object')
  for (const attributes of [null, 5, 'abc', '', [], () => 1, { a: null }])
    expect(find('m', hostile(attributes))).toBeTypeOf('object')
})

it.each<[string, unknown]>([
  ['no text', undefined],
  ['null', null],
  ['a number', 7],
  ['a symbol', Symbol('m')],
  ['an object', { toString: () => 'm' }],
  ['a function', () => 'm'],
  ['reserved', 'pharos.dropped'],
  ['reserved, with an underscore', 'pharos_dropped'],
  ['longer than a batch', 'a'.repeat(10_000)],
])('bad_name: %s', (_, name) => {
  const find = finder()
  for (let i = 0; i < 2; i++) expect(find(name as string)).toBe('bad_name')
})

it.each<[string, () => unknown]>([
  ['an object as value', () => ({ a: { toString: () => 'x' } })],
  ['an array as value', () => ({ a: ['x'] })],
  ['a function as value', () => ({ a: () => 'x' })],
  ['a date as value', () => ({ a: new Date(0) })],
  ['a text object as value', () => ({ a: Object('x') })],
  ['a bigint', () => ({ a: 1n })],
  ['a getter that throws', () => Object.defineProperty({}, 'a', { enumerable: true, get: throwing })],
  ['a proxy that throws', () => new Proxy({}, { ownKeys: throwing })],
  ['a value whose toJSON throws', () => ({ a: { toJSON: throwing } })],
  [
    'itself',
    () => {
      const attributes: Record<string, unknown> = {}
      return (attributes['a'] = attributes)
    },
  ],
  [
    'a revoked proxy',
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
  ],
])('bad_attributes: %s', (_, make) => {
  const find = finder()
  const cell = find('m')
  for (let i = 0; i < 2; i++) expect(find('m', hostile(make()))).toBe('bad_attributes')
  expect(find('m')).toBe(cell)
})

it('reads a getter that changes its answer once, and is not misled by it later', () => {
  const find = finder()
  let n = 0
  const changing = {
    get a() {
      return n++
    },
  }
  const first = find('m', changing)
  expect(first).toBeTypeOf('object')
  const cells = [0, 1, 2, 3].map((a) => find('m', { a }))
  expect(new Set(cells).size).toBe(4)
  expect(cells).toContain(first)
  for (const [a, cell] of cells.entries()) expect(cell).toHaveProperty('tail', `,{"a":${a}}]`)
})

describe('room', () => {
  it('is for so many series, shared by counters and histograms', () => {
    const recorder = createTestRecorder()
    recorder.seriesLeft = 3
    const [counters, histograms] = [createFinder(recorder, 0), createFinder(recorder, -1)]
    const known = [counters('a'), histograms('a'), counters('b')]
    for (const cell of known) expect(cell).toBeTypeOf('object')
    for (let i = 0; i < 1_000; i++) expect(counters(`c${i}`)).toBe('series_limit')
    expect([counters('a'), histograms('a'), counters('b')]).toEqual(known)
  })

  it('is not taken by what is refused', () => {
    const recorder = createTestRecorder()
    const find = createFinder(recorder, 0)
    for (let i = 0; i < 100; i++) {
      find(`pharos.${i}`)
      find('m', hostile({ a: { i } }))
      find('m', hostile({ a: 1n, [`k${i}`]: i }))
    }
    expect(recorder.seriesLeft).toBe(MAX_SERIES)
  })

  it('any series fits a body', () => {
    const cell = finder()('m', { a: '€'.repeat(9_900) }) as Cell
    expect(Buffer.byteLength(cell.head + cell.tail)).toBeLessThan(BODY_BYTES)
  })
})
