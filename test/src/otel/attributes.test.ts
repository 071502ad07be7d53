import type { Attributes as OtelAttributes } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toAttributes, toMetricName } from '../../../src/otel/attributes.ts'
import { anyAttributes } from '../../support/arbitraries.ts'

describe('toMetricName', () => {
  it.each<[string, unknown, string]>([
    ['a name of Pharos', 'http.server_1', 'http.server_1'],
    ['the characters that only OpenTelemetry has', 'http/request-count/', 'http_request_count_'],
    ['what neither allows, for the beacon to refuse', 'a b€\ud800', 'a b€\ud800'],
    ['an empty name', '', ''],
    ['no name', undefined, ''],
    ['a number', 7, ''],
    ['a symbol', Symbol('s'), ''],
    ['an object without a text', Object.create(null), ''],
  ])('writes %s', (_, given, wanted) => {
    expect(toMetricName(given)).toBe(wanted)
  })
})

describe('toAttributes', () => {
  it.each<[string, object, object]>([
    ['undefined and null: no attribute', { a: 'x', b: undefined, c: null }, { a: 'x' }],
    ['arrays and objects: JSON', { a: ['x', 1], b: { c: true }, d: [] }, { a: '["x",1]', b: '{"c":true}', d: '[]' }],
    ['other names', { 'content-type': 'x', 'a b': 1 }, { content_type: 'x', a_b: 1 }],
    ['a name with each of two units replaced', { '😀': 1 }, { __: 1 }],
    ['two names that become one: the later', { 'a-b': 1, 'a b': 2 }, { a_b: 2 }],
    ['a value that JSON leaves out, inside', { a: [undefined, Number.NaN] }, { a: '[null,null]' }],
    ['a date', { a: new Date(0) }, { a: '"1970-01-01T00:00:00.000Z"' }],
    ['names that objects inherit', { constructor: ['x'], toString: 1 }, { constructor: '["x"]', toString: 1 }],
  ])('writes %s', (_, given, wanted) => {
    expect(toAttributes(given as OtelAttributes)).toEqual(wanted)
  })

  it('gives back the same object where nothing has to change', () => {
    fc.assert(
      fc.property(fc.option(anyAttributes, { nil: undefined }), (attributes) => {
        expect(toAttributes(attributes)).toBe(attributes)
      }),
    )
  })

  const hostile = {
    get page(): string {
      throw new Error('of the page')
    },
  }
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['an empty list', []],
    ['a getter that throws', hostile],
    ['a cycle', { cycle }],
    ['a bigint in a list', { a: [1n] }],
    ['a function', { a: () => {} }],
  ])('leaves %s to the beacon, which refuses and counts it', (_, given) => {
    expect(toAttributes(given as OtelAttributes)).toBe(given)
  })

  it('never changes what it is given', () => {
    const given = Object.freeze({ a: Object.freeze(['x']), 'b-c': undefined })
    expect(toAttributes(given as never)).toEqual({ a: '["x"]' })
  })
})
