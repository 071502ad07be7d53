import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DecodedPoint, decodePoints } from '../../../src/protocol/decode-points.ts'
import { histograms, increases, type ValueKind } from '../../../src/protocol/decode-value.ts'
import { addExact, roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import { MAX_COUNT, MAX_SUM } from '../../../src/protocol/limits.ts'
import type { DropReason } from '../../../src/protocol/types.ts'
import { encodeHistogram } from '../../../src/protocol/wire.ts'
import { anyAttributes, anyName, histogramOf } from '../../support/arbitraries.ts'

interface Decoded<Value> {
  readonly points: readonly DecodedPoint<Value>[]
  readonly dropped: readonly DropReason[]
}

function decode<Value>(items: readonly unknown[], kind: ValueKind<Value>, weight = 1): Decoded<Value> {
  const dropped: DropReason[] = []
  return { points: decodePoints(items, kind, { weight, dropped }), dropped }
}

/** The series of the points, then the reasons. */
const seriesIn = (items: readonly unknown[]): readonly string[] => {
  const { points, dropped } = decode(items, increases)
  return [...points.map(({ name, attributes }) => [name, ...attributes.flat()].join(' ')), ...dropped]
}

describe('a point', () => {
  it.each([
    ['null', null, 'bad_shape'],
    ['a bare name', ['a'], 'bad_shape'],
    ['a fourth item', ['a', 1, {}, 0], 'bad_shape'],
    ['an object', { name: 'a' }, 'bad_shape'],
    ['an object like a list', { 0: 'a', 1: 1, length: 2 }, 'bad_shape'],
    ['a name as number', [1, 1], 'bad_name'],
    ['a name of Prometheus', ['__name__', 1], 'bad_name'],
    ['attributes as list', ['a', 1, []], 'bad_attributes'],
    ['null attributes', ['a', 1, null], 'bad_attributes'],
    ['__proto__ as attribute', ['a', 1, JSON.parse('{"__proto__":"x"}')], 'bad_attributes'],
    ['an object as value', ['a', 1, { b: {} }], 'bad_attributes'],
    ['a line end in a value', ['a', 1, { b: 'x\r\ny' }], 'bad_attributes'],
    ['a lone surrogate in a value', ['a', 1, { b: '\udc00' }], 'bad_attributes'],
    ['a value of the wrong kind', ['a', '1'], 'bad_value'],
    ['several mistakes: the first is the reason', ['a b', 0, null], 'bad_name'],
  ])('that is %s is left out alone', (_, point, reason) => {
    expect(seriesIn([['good', 1], point])).toEqual(['good', reason])
  })

  it('may have a name every object inherits', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty']
    expect(seriesIn(names.map((name) => [name, 1, { constructor: 'x' }]))).toEqual(
      names.map((name) => `${name} constructor x`),
    )
  })

  it('may be a sum of several values of the largest magnitude', () => {
    expect(decode([['a', 2e290]], increases).dropped).toEqual([])
    expect(decode([['b', [2e290, [246_000, 2]]]], histograms).dropped).toEqual([])
  })

  it('is another series when its name or attributes differ', () => {
    const points = [
      ['a', 1],
      ['a', 1, { b: 'c' }],
      ['a', 1, { b: 'c ' }],
      ['a', 1, { b: 'cd' }],
      ['a', 1, { bc: 'd' }],
      ['ab', 1, { c: 'd' }],
      ['a', 1, { b: 'c', d: 'e' }],
      ['a', 1, { b: 'cde' }],
      ['b', 1],
    ]
    expect(decode(points, increases).points).toHaveLength(points.length)
  })
})

describe('points of equal series', () => {
  it('are added without rounding, however their attributes are written', () => {
    const items = [
      ['a', 0.1, { x: 1, y: 'z' }],
      ['b', 1],
      ['a', 0.2, { y: 'z', x: '1' }],
      ['a', 1e-300, { x: 1, y: 'z', empty: '' }],
    ]
    const sum: number[] = []
    for (const value of [0.1, 0.2, 1e-300]) addExact(sum, value)
    expect(decode(items, increases)).toEqual({
      points: [
        { name: 'a', attributes: [['x', '1'], ['y', 'z']], value: sum }, // prettier-ignore
        { name: 'b', attributes: [], value: [1] },
      ],
      dropped: [],
    })
  })

  it('have their buckets merged, whatever form each has', () => {
    const forms = [['d', 3], ['d', [[-2, 0]]], ['d', encodeHistogram(histogramOf([0.5, 1e9]))]] // prettier-ignore
    const value = histogramOf([3, -2, 0, 0.5, 1e9])
    expect(decode(forms, histograms)).toEqual({ points: [{ name: 'd', attributes: [], value }], dropped: [] })
  })

  it('stay within the limits: the point that would go beyond is left out', () => {
    const sums = decode([['a', 0.6 * MAX_SUM], ['a', 0.6 * MAX_SUM], ['a', 1]], increases) // prettier-ignore
    expect(sums.dropped).toEqual(['bad_value'])
    expect(sums.points.map(({ value }) => roundExact(value))).toEqual([0.6 * MAX_SUM])
    const counts = decode([['d', [1, [0, MAX_COUNT - 1]]], ['d', [[1, 1]]], ['d', 1]], histograms) // prettier-ignore
    expect(counts.dropped).toEqual(['bad_value'])
    expect(counts.points.map(({ value }) => countOf(value))).toEqual([MAX_COUNT])
  })

  it('stay within the limits, times the weight', () => {
    const of = (share: number) => [['a', MAX_SUM / 20], ['a', MAX_SUM / share]] // prettier-ignore
    expect(decode(of(20), increases, 10).dropped).toEqual([])
    expect(decode(of(10), increases, 10).dropped).toEqual(['bad_value'])
  })

  it('are added however their attributes are spelled', () => {
    const series = fc.record({ name: fc.constantFrom('a', 'b'), x: fc.constantFrom('1', 1, ''), y: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.tuple(series, fc.integer({ min: 1, max: 1_000 }), fc.boolean())), (calls) => {
        const totals = new Map<string, number>()
        const items = calls.map(([{ name, x, y }, value, isReversed]) => {
          const key = JSON.stringify([name, String(x), y])
          totals.set(key, (totals.get(key) ?? 0) + value)
          return [name, value, isReversed ? { y, x } : { x, y }]
        })
        const decoded = decode(items, increases).points.map(({ name, attributes, value }) => {
          const { x = '', y } = Object.fromEntries(attributes)
          return [JSON.stringify([name, x, y === 'true']), roundExact(value)]
        })
        expect(decoded).toEqual([...totals])
      }),
    )
  })

  it('make the same series and sums in any order', () => {
    const item = fc.tuple(
      fc.oneof(anyName, fc.constantFrom('a', 'b')),
      fc.double({ min: 1e-300, max: 1e290, noNaN: true }),
      fc.oneof(anyAttributes, fc.constant({})),
    )
    const orders = fc
      .array(item, { maxLength: 20 })
      .chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })))
    const essence = (items: readonly unknown[]) =>
      decode(items, increases)
        .points.map(({ name, attributes, value }) => JSON.stringify([name, attributes, roundExact(value)]))
        .sort()
    fc.assert(
      fc.property(orders, ([items, shuffled]) => {
        expect(essence(shuffled)).toEqual(essence(items))
      }),
    )
  })
})
