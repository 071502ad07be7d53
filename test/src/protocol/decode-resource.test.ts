import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeResource } from '../../../src/protocol/decode-resource.ts'
import { MAX_ATTRIBUTES } from '../../../src/protocol/limits.ts'
import { canonicalAttributes } from '../../../src/protocol/series.ts'
import { anyAttributes } from '../../support/arbitraries.ts'

const many = (length: number): object => Object.fromEntries(Array.from({ length }, (_, i) => [`z${i}`, 'x']))
const sorted = (attributes: object): unknown => Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
const withAttributes = (attributes: unknown): object => ({ service: 'shop', release: '1', attributes })

const good = { service: 'shop', release: '1', attributes: [['a', 'b']] }
const partly = { ...good, isWhole: false }
const nothing = { service: '', release: '', attributes: [] }

describe('decodeResource', () => {
  it.each<[string, object, object]>([
    ['an empty one', {}, { ...nothing, isWhole: true }],
    ['a whole one', withAttributes({ a: 'b' }), { ...good, isWhole: true }],
    ['texts that are empty', { service: '', release: '', attributes: { a: '' } }, { ...nothing, isWhole: true }],
    ['what it does not know', { ...withAttributes({ a: 'b' }), extra: 1 }, { ...good, isWhole: true }],
    ['the most attributes', { attributes: many(16) }, { ...nothing, attributes: sorted(many(16)), isWhole: true }],
    ['a service as number', { ...withAttributes({ a: 'b' }), service: 1 }, { ...partly, service: '' }],
    ['a null service', { ...withAttributes({ a: 'b' }), service: null }, { ...partly, service: '' }],
    ['a long service', { ...withAttributes({ a: 'b' }), service: 'x'.repeat(129) }, { ...partly, service: '' }],
    ['a lone surrogate', { ...withAttributes({ a: 'b' }), release: '\ud800' }, { ...partly, release: '' }],
    ['a line end', { ...withAttributes({ a: 'b' }), release: '1\n' }, { ...partly, release: '' }],
    ['a bad attribute name', withAttributes({ 'x y': 1, a: 'b' }), partly],
    ['__proto__', withAttributes(JSON.parse('{"__proto__":"x","a":"b"}')), partly],
    ['a null attribute', withAttributes({ a: 'b', c: null }), partly],
    ['a nested attribute', withAttributes({ a: 'b', c: { d: 1 } }), partly],
    ['an infinite attribute', withAttributes({ a: 'b', c: Infinity }), partly],
    ['a long attribute', withAttributes({ a: 'b', c: 'x'.repeat(129) }), partly],
    ['attributes as list', withAttributes(['a']), { ...partly, attributes: [] }],
    ['null attributes', withAttributes(null), { ...partly, attributes: [] }],
    ['17 attributes', { attributes: { ...many(16), a: 'b' } }, { attributes: sorted(many(16)), isWhole: false }],
    ['a bad one and 17', { attributes: { 'x y': 1, ...many(17) } }, { attributes: sorted(many(16)), isWhole: false }],
    [
      'names that objects inherit',
      withAttributes({ constructor: 'x' }),
      { ...good, attributes: [['constructor', 'x']] },
    ],
  ])('keeps what is valid of a resource with %s', (_, resource, kept) => {
    expect(decodeResource(resource as Parameters<typeof decodeResource>[0])).toMatchObject(kept)
  })

  it('has the attributes of a point that has the same', () => {
    fc.assert(
      fc.property(anyAttributes, (attributes) => {
        const decoded = decodeResource({ attributes })
        expect(decoded.isWhole).toBe(true)
        expect(decoded.attributes).toEqual(canonicalAttributes(attributes))
      }),
    )
  })

  it('keeps only what is valid of any JSON', () => {
    const anyResource = fc.dictionary(fc.constantFrom('service', 'release', 'attributes'), fc.jsonValue())
    fc.assert(
      fc.property(anyResource, (resource) => {
        const { service, release, attributes } = decodeResource(resource)
        const again = { service, release, attributes: Object.fromEntries(attributes) }
        expect(decodeResource(again)).toEqual({ service, release, attributes, isWhole: true })
        expect(attributes.length).toBeLessThanOrEqual(MAX_ATTRIBUTES)
      }),
    )
  })
})
