import { describe, expect, it } from 'vitest'
import { counters as counting } from '../../../src/metrics/cell.ts'
import { createIndexRoom, createSeriesIndex } from '../../../src/metrics/series-index.ts'
import type { Attributes } from '../../../src/protocol/types.ts'

const index = (room = createIndexRoom()) => createSeriesIndex(counting, room)
const hostile = (attributes: unknown): Attributes => attributes as Attributes

describe('series index', () => {
  it.each<[string, Attributes | undefined, Attributes | undefined]>([
    ['the order of attributes', { a: 1, b: 'x' }, { b: 'x', a: 1 }],
    ['the type of a value', { a: 1, b: true }, { a: '1', b: 'true' }],
    ['empty values', { a: 1, b: '' }, { a: 1 }],
    ['no attributes', {}, undefined],
    ['the sign of zero', { a: -0 }, { a: 0 }],
    ['what is inherited', Object.assign(Object.create({ inherited: 1 }), { a: 1 }), { a: 1 }],
    ['symbols', { [Symbol('s')]: 1, a: 1 }, { a: 1 }],
  ])('%s makes no other series', (_, one, other) => {
    const find = index()
    const cell = find('m', one)
    expect(cell).toBeTypeOf('object')
    for (const attributes of [other, one, other]) expect(find('m', attributes)).toBe(cell)
  })

  it.each<[string, Attributes | undefined, Attributes | undefined]>([
    ['a value', { a: 1 }, { a: 2 }],
    ['a name', { a: 1 }, { b: 1 }],
    ['one more', { a: 1 }, { a: 1, b: 1 }],
    ['none', { a: 1 }, undefined],
    ['an inherited one that is its own', Object.assign(Object.create({ b: 1 }), { a: 1 }), { a: 1, b: 1 }],
  ])('%s makes another series', (_, one, other) => {
    const find = index()
    const cell = find('m', one)
    expect(find('m', other)).not.toBe(cell)
    expect(find('m', other)).toBe(find('m', other))
    expect(find('m', one)).toBe(cell)
  })

  it('writes the point around its value', () => {
    expect(index()('m.n', { b: 2, a: 'ü"' })).toMatchObject({ head: '["m.n",', tail: ',{"a":"ü\\"","b":"2"}]' })
    expect(index()('m')).toMatchObject({ head: '["m",', tail: ']' })
  })

  it.each<[string, unknown]>([
    ['bad_name', ''],
    ['bad_name', 'a-b'],
    ['bad_name', '__a'],
    ['bad_name', 'a'.repeat(129)],
    ['bad_name', undefined],
    ['bad_name', null],
    ['bad_name', 7],
    ['bad_name', Symbol('m')],
    ['bad_name', { toString: () => 'm' }],
    ['reserved_name', 'pharos.dropped'],
    ['reserved_name', 'pharos_dropped'],
  ])('%s: %s', (reason, name) => {
    expect(index()(name as string)).toBe(reason)
  })

  it.each<[string, () => unknown]>([
    ['null', () => null],
    ['an array', () => []],
    ['text', () => 'abc'],
    ['empty text', () => ''],
    ['a number', () => 5],
    ['a function', () => () => 1],
    ['a bad name', () => ({ 'a-b': 1 })],
    ['a symbol as value', () => ({ a: Symbol('v') })],
    ['an object as value', () => ({ a: { toString: () => 'x' } })],
    ['NaN', () => ({ a: NaN })],
    ['null as value', () => ({ a: null })],
    ['undefined as value', () => ({ a: undefined })],
    ['a control character', () => ({ a: '\u0000' })],
    ['half a surrogate pair', () => ({ a: '\ud800' })],
    ['too long', () => ({ a: 'x'.repeat(129) })],
    ['17 of them', () => Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`a${i}`, 1]))],
    [
      'a getter that throws',
      () =>
        Object.defineProperty({}, 'a', {
          enumerable: true,
          get: () => {
            throw new Error('no')
          },
        }),
    ],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no')
            },
          },
        ),
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
    const find = index()
    const cell = find('m')
    for (let i = 0; i < 2; i++) expect(find('m', hostile(make()))).toBe('bad_attributes')
    expect(find('m')).toBe(cell)
  })

  it('reads a getter that changes its answer once, and is not misled by it later', () => {
    const find = index()
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
    for (const [a, cell] of cells.entries()) expect(cell).toHaveProperty('tail', `,{"a":"${a}"}]`)
  })

  it('has room for so many series, shared with its sibling', () => {
    const room = { cells: 3, nodes: 100 }
    const [counters, histograms] = [index(room), index(room)]
    expect(counters('a')).toBeTypeOf('object')
    expect(histograms('a')).toBeTypeOf('object')
    expect(counters('b')).toBeTypeOf('object')
    for (let i = 0; i < 1_000; i++) expect(counters(`c${i}`)).toBe('series_limit')
    expect(counters('a')).toBeTypeOf('object')
    expect(room.nodes).toBe(97)
  })

  it('remembers nothing that it refused', () => {
    const room = createIndexRoom()
    const find = index(room)
    for (let i = 0; i < 100; i++) {
      find(`bad-${i}`)
      find('m', hostile({ a: NaN, [`k${i}`]: i }))
      find('m', hostile({ a: { i } }))
    }
    expect(room).toEqual(createIndexRoom())
  })

  it('stays right when its room for spellings is used up', () => {
    const room = { cells: 100, nodes: 5 }
    const find = index(room)
    const cells = Array.from({ length: 50 }, (_, a) => find('m', { a, b: 1 }))
    expect(new Set(cells).size).toBe(50)
    for (let a = 0; a < 50; a++) expect(find('m', { b: '1', a })).toBe(cells[a])
    expect(room.nodes).toBeGreaterThanOrEqual(0)
  })
})
