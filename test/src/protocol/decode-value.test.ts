import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHistogram, histograms, increases } from '../../../src/protocol/decode-value.ts'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import { MAX_COUNT, MAX_SUM, MAX_VALUE, MAX_VALUES, MAX_WEIGHT } from '../../../src/protocol/limits.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

describe('increases', () => {
  it.each<[string, unknown, number[]]>([
    ['a number', 2.5, [2.5]],
    ['the parts of a sum', [1e-20, 2], [1e-20, 2]],
    ['parts that overlap, without rounding', [0.1, 0.2], [-(2 ** -55), 0.30000000000000004]],
    ['a part below zero', [3, -1], [2]],
    ['the largest sum', MAX_SUM, [MAX_SUM]],
  ])('reads %s', (_, raw, sum) => {
    expect(increases.decode(raw, 1)).toEqual(sum)
  })

  it.each<[string, unknown]>([
    ['zero', 0],
    ['minus zero', -0],
    ['a decrease', -1],
    ['NaN', Number.NaN],
    ['an infinite number', Infinity],
    ['text', '1'],
    ['null', null],
    ['nothing', undefined],
    ['an object', { 0: 1, length: 1 }],
    ['no part', []],
    ['parts that cancel', [1, -1]],
    ['parts below zero together', [1, -2]],
    ['a null part', [1, null]],
    ['a nested part', [[1]]],
    ['too many parts', Array.from({ length: MAX_VALUES + 1 }, () => 1)],
    ['parts that are too much together', [0.6 * MAX_SUM, 0.6 * MAX_SUM]],
    ['too large a sum', 1.1 * MAX_SUM],
  ])('refuses %s', (_, raw) => {
    expect(increases.decode(raw, 1)).toBeUndefined()
  })

  it('takes as many parts as the limit', () => {
    expect(
      increases.decode(
        Array.from({ length: MAX_VALUES }, () => 1),
        1,
      ),
    ).toEqual([MAX_VALUES])
  })
})

const positive = fc
  .array(anyValue.map(Math.abs), { minLength: 1, maxLength: 20 })
  .filter((all) => all.some((it) => it > 0))
const several = fc.array(anyValue, { minLength: 1, maxLength: 20 })

describe('add', () => {
  it('is the exact sum of both increases, in either order, and changes neither', () => {
    fc.assert(
      fc.property(positive, positive, (left, right) => {
        const [a, b] = [increases.decode(left, 1)!, increases.decode(right, 1)!]
        const before = structuredClone([a, b])
        const sum = unitsOf([...left, ...right])
        expect(unitsOf(increases.add([a, b], 1)!)).toBe(sum)
        expect(unitsOf(increases.add([b, a], 1)!)).toBe(sum)
        expect([a, b]).toEqual(before)
      }),
    )
  })

  it('has the observations of both histograms, in either order, and changes neither', () => {
    const essence = (histogram: Histogram | undefined) => ({ ...histogram, sum: unitsOf(histogram!.sum) })
    fc.assert(
      fc.property(several, several, (left, right) => {
        const [a, b] = [histogramOf(left), histogramOf(right)]
        const both = essence(histogramOf([...left, ...right]))
        expect(essence(histograms.add([a, b], 1))).toEqual(both)
        expect(essence(histograms.add([b, a], 1))).toEqual(both)
        expect([a, b]).toEqual([histogramOf(left), histogramOf(right)])
      }),
    )
  })

  it.each([1, 10, MAX_WEIGHT])('holds the sum and the count to their limits, times a weight of %i', (weight) => {
    const half = MAX_SUM / weight / 2
    expect(increases.add([[half], [half]], weight)).toEqual([2 * half])
    expect(increases.add([[half], [1.01 * half]], weight)).toBeUndefined()
    const most = Math.floor(MAX_COUNT / weight)
    const of = (count: number) => ({ ...histogramOf([]), zero: count })
    expect(histograms.add([of(most - 1), of(1)], weight)).toEqual(of(most))
    expect(histograms.add([of(most), of(1)], weight)).toBeUndefined()
  })
})

describe('observations as they came', () => {
  it('are the histogram that they make', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 50 }), (values) => {
        expect(decodeHistogram([values])).toEqual(histogramOf(values))
      }),
    )
  })

  it('may be as many as the limit', () => {
    const values = Array.from({ length: MAX_VALUES }, (_, i) => i / 8)
    expect(countOf(decodeHistogram([values])!)).toBe(MAX_VALUES)
    expect(decodeHistogram([[...values, 1]])).toBeUndefined()
  })

  it.each([
    ['none', [[]]],
    ['text', [['1']]],
    ['null', [[1, null]]],
    ['a list', [[[1]]]],
    ['one not in a list', [1]],
    ['one too large', [[1.1 * MAX_VALUE]]],
    ['one that is infinite', [[Infinity]]],
    ['no list', []],
  ])('%s are no histogram', (_, raw) => {
    expect(decodeHistogram(raw)).toBeUndefined()
  })

  it('are held to the limit of a sum, with the weight', () => {
    expect(decodeHistogram([[MAX_VALUE, MAX_VALUE]], MAX_WEIGHT)).toBeUndefined()
    expect(decodeHistogram([[MAX_VALUE, MAX_VALUE]], MAX_WEIGHT / 2)).toBeDefined()
  })
})

describe('decodeHistogram', () => {
  it('reads gaps, counts, scale, zero and negative buckets', () => {
    const histogram = decodeHistogram([6.5, [-3, 2, 5, 1], 2, 4, [7, 1]]) as Histogram
    expect(histogram).toEqual({
      scale: 2,
      zero: 4,
      positive: new Map([[-3, 2], [2, 1]]), // prettier-ignore
      negative: new Map([[7, 1]]),
      sum: [6.5],
    })
    expect(countOf(histogram)).toBe(8)
    expect(roundExact(histogram.sum)).toBe(6.5)
  })

  it.each([
    ['null', null],
    ['text', '1'],
    ['an object', {}],
    ['a huge lone value', 1e291],
    ['an infinite lone value', Infinity],
    ['no buckets', [1]],
    ['a sixth item', [1, [0, 1], 8, 0, [], 0]],
    ['an odd list', [1, [0, 1, 2]]],
    ['a gap of zero', [1, [0, 1, 0, 1]]],
    ['a gap below zero', [1, [5, 1, -1, 1]]],
    ['a broken index', [1, [0.5, 1]]],
    ['a count of zero', [1, [0, 0]]],
    ['a negative count', [1, [0, -1]]],
    ['a broken count', [1, [0, 1.5]]],
    ['a count beyond 2^53', [1, [0, 2 ** 53]]],
    ['counts beyond 2^53 together', [1, [0, MAX_COUNT, 1, 1]]],
    ['no observation', [0, []]],
    ['an index above any double', [1, [1024 * 256, 1]]],
    ['an index below any double', [1, [-1075 * 256 - 2, 1]]],
    ['a gap to beyond any double', [1, [0, 1, Number.MAX_SAFE_INTEGER, 1]]],
    ['too many buckets', [1, Array.from({ length: 322 }, () => 1)]],
    ['too fine a scale', [1, [0, 1], 9]],
    ['too coarse a scale', [1, [0, 1], -5]],
    ['a broken scale', [1, [0, 1], 1.5]],
    ['a null scale', [1, [0, 1], null]],
    ['a negative zero count', [1, [0, 1], 8, -1]],
    ['negative buckets as object', [1, [0, 1], 8, 0, {}]],
    ['no sum', [null, [0, 1]]],
  ])('refuses %s', (_, raw) => {
    expect(decodeHistogram(raw)).toBeUndefined()
  })
})
