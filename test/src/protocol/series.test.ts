import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAttributes, isAttributeName, isAttributeText, isMetricName } from '../../../src/protocol/series.ts'
import type { Attributes } from '../../../src/protocol/types.ts'
import { anyAttributes } from '../../support/arbitraries.ts'

const many = (count: number): Attributes => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i]))

describe('isMetricName', () => {
  it.each([
    ['checkout.clicks', true],
    ['_a', true],
    ['A9', true],
    ['a'.repeat(128), true],
    ['constructor', true],
    ['a'.repeat(129), false],
    ['', false],
    ['9a', false],
    ['.a', false],
    ['__name__', false],
    ['a-b', false],
    ['a b', false],
    ['a\n', false],
    ['é', false],
    [7, false],
    [undefined, false],
    [null, false],
    [['a'], false],
  ])('of %j is %j', (name, allowed) => {
    expect(isMetricName(name)).toBe(allowed)
  })
})

describe('isAttributeName', () => {
  it.each([
    ['page', true],
    ['a'.repeat(64), true],
    ['a'.repeat(65), false],
    ['__proto__', false],
    ['', false],
  ])('of %j is %j', (name, allowed) => {
    expect(isAttributeName(name)).toBe(allowed)
  })
})

describe('isAttributeText', () => {
  it.each([
    ['', true],
    ['naïve 🙂 日本', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['🙂'.repeat(65), false],
    ['a\nb', false],
    ['a\r\nb', false],
    ['\u0000', false],
    ['\u007f', false],
    ['\u0085', false],
    ['\ud800', false],
    ['\udc00x', false],
  ])('of %j is %j', (text, allowed) => {
    expect(isAttributeText(text)).toBe(allowed)
  })

  it('refuses what Unicode calls control characters and surrogates, of all code points', () => {
    const differing = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).filter(
      (text) => isAttributeText(text) === /[\p{Cc}\p{Cs}]/u.test(text),
    )
    expect(differing).toEqual([])
  })
})

describe('canonicalAttributes', () => {
  it.each<{ attributes: unknown; canonical: unknown }>([
    { attributes: undefined, canonical: [] },
    { attributes: {}, canonical: [] },
    { attributes: { b: 1, a: 'x', c: true }, canonical: [['a', 'x'], ['b', '1'], ['c', 'true']] }, // prettier-ignore
    { attributes: { a: '', b: 'y' }, canonical: [['b', 'y']] },
    { attributes: { constructor: 'x' }, canonical: [['constructor', 'x']] },
    { attributes: many(17), canonical: undefined },
    { attributes: { a: Number.NaN }, canonical: undefined },
    { attributes: { a: Infinity }, canonical: undefined },
    { attributes: { a: null }, canonical: undefined },
    { attributes: { a: {} }, canonical: undefined },
    { attributes: { a: undefined }, canonical: undefined },
    { attributes: { 'a b': 1 }, canonical: undefined },
    { attributes: JSON.parse('{"__proto__": "x"}'), canonical: undefined },
    { attributes: null, canonical: undefined },
    { attributes: [], canonical: undefined },
    { attributes: 'a', canonical: undefined },
  ])('of $attributes', ({ attributes, canonical }) => {
    expect(canonicalAttributes(attributes as Attributes)).toEqual(canonical)
  })

  it('takes sixteen', () => {
    expect(canonicalAttributes(many(16))).toHaveLength(16)
  })

  it('does not depend on the order of keys', () => {
    const agrees = (attributes: Attributes): void => {
      const reversed = Object.fromEntries(Object.entries(attributes).reverse())
      expect(canonicalAttributes(reversed)).toEqual(canonicalAttributes(attributes))
    }
    fc.assert(fc.property(anyAttributes, agrees))
  })
})
