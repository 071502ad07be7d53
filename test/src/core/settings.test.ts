import { describe, expect, it } from 'vitest'
import { intervalOf, isGranted, resourceOf, weightOf } from '../../../src/core/settings.ts'

describe('a rate', () => {
  it.each([
    [0, Infinity],
    [0.0001, 10_000],
    [0.1, 10],
    [0.4, 3],
    [0.6, 2],
    [0.75, 1],
    [1, 1],
  ])('of %d is a weight of %d', (rate, weight) => {
    expect(weightOf(rate)).toBe(weight)
  })

  it.each([undefined, null, '', '1', 'all', {}, [], NaN, Infinity, -0.1, 1.1, 10, 0.000_01])('is not %s', (rate) => {
    expect([undefined, 1]).toContain(weightOf(rate as number))
  })
})

describe('an interval', () => {
  it.each([1_000, 30_000, 86_400_000])('is %i', (value) => {
    expect(intervalOf(value)).toBe(value)
  })

  it.each([undefined, null, '', 'soon', {}, NaN, Infinity, 0, -1, 999, 86_400_001])('is not %s', (value) => {
    expect(intervalOf(value as number)).toBeUndefined()
  })
})

it.each([
  [true, true],
  ['granted', true],
  [false, false],
  ['denied', false],
  ['pending', false],
  ['no', false],
  ['yes', false],
  ['GRANTED', false],
  ['true', false],
  ['', false],
  ['off', false],
  [0, false],
  [1, false],
  [null, false],
  [undefined, false],
  [{}, false],
  [[], false],
  [Object('granted'), false],
])('consent %j is granted: %s', (consent, wanted) => {
  expect(isGranted(consent)).toBe(wanted)
})

describe('the resource', () => {
  it('is a copy: the page can change nothing later, and a storage can hold it', () => {
    const attributes: Record<string, string | number | boolean> = { a: 'x', b: 1, c: true, empty: '' }
    const resource = resourceOf({ service: 'shop', release: '1.4.2', attributes })
    attributes['a'] = 'y'
    expect(resource).toEqual({ service: 'shop', release: '1.4.2', attributes: { a: 'x', b: 1, c: true, empty: '' } })
    expect(structuredClone(resource)).toEqual(resource)
  })

  it('has only what is there', () => {
    expect(Object.keys(resourceOf({ url: '/b', sampleRate: 1 }))).toEqual([])
  })

  it('leaves out what no text can hold; the rest is judged by the edge', () => {
    const attributes = { f: () => 1, s: Symbol('x'), u: undefined, big: 1n, n: NaN, 'a-b': 1 }
    expect(resourceOf({ service: 5, attributes } as never)).toEqual({ service: 5, attributes: { n: null, 'a-b': 1 } })
  })
})
