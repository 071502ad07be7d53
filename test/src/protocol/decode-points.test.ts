import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePoints } from '../../../src/protocol/decode-points.ts'
import { increases } from '../../../src/protocol/decode-value.ts'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { MAX_SUM } from '../../../src/protocol/limits.ts'
import type { DropReason } from '../../../src/protocol/types.ts'

const decode = (items: readonly unknown[]) => {
  const dropped: DropReason[] = []
  const points = decodePoints(items, increases, { weight: 1, dropped })
  return { dropped, sums: points.map(({ name, attributes, value }) => [name, attributes, roundExact(value)]) }
}

describe('decodePoints', () => {
  it.each<[string, unknown, DropReason]>([
    ['no list', 'a', 'bad_shape'],
    ['a list without a value', ['a'], 'bad_shape'],
    ['a list of four', ['a', 1, {}, 1], 'bad_shape'],
    ['a name that is not allowed', ['1a', 1], 'bad_name'],
    ['a name that is no text', [1, 1], 'bad_name'],
    ['attributes that are a list', ['a', 1, []], 'bad_attributes'],
    ['an attribute that is an object', ['a', 1, { b: {} }], 'bad_attributes'],
    ['a value that is no number', ['a', 'x'], 'bad_value'],
    ['a value below zero', ['a', -1], 'bad_value'],
  ])('leaves out %s alone', (_, item, reason) => {
    expect(decode([['ok', 1], item, ['ok', 2]])).toEqual({ dropped: [reason], sums: [['ok', [], 3]] })
  })

  it('drops the point with which a series would be more than the wire takes', () => {
    expect(
      decode([
        ['a', MAX_SUM],
        ['a', MAX_SUM],
        ['a', 1],
      ]).dropped,
    ).toEqual(['bad_value'])
  })

  it('adds points of equal series, however their attributes are spelled', () => {
    const series = fc.record({ name: fc.constantFrom('a', 'b'), x: fc.constantFrom('1', 1, ''), y: fc.boolean() })
    fc.assert(
      fc.property(fc.array(fc.tuple(series, fc.integer({ min: 1, max: 1_000 }), fc.boolean())), (calls) => {
        const totals = new Map<string, number>()
        const items = calls.map(([{ name, x, y }, value, isReversed]) => {
          const key = JSON.stringify([name, String(x), y])
          totals.set(key, (totals.get(key) ?? 0) + value)
          return [name, value, isReversed ? { y, x } : { x, y }]
        })
        const { sums, dropped } = decode(items)
        expect(dropped).toEqual([])
        const decoded = sums.map(([name, attributes, sum]) => {
          const { x = '', y } = Object.fromEntries(attributes as [string, string][])
          return [JSON.stringify([name, x, y === 'true']), sum]
        })
        expect(decoded).toEqual([...totals])
      }),
    )
  })
})
