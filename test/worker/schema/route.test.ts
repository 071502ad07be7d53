import type * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { exclude, include, routeOf, where } from '../../../worker/schema/route.ts'
import { mistakesIn, parsed } from './parsed.ts'

const PATTERN = 'give a pattern such as "checkout.*", of at most 256 characters'
const VALUE = 'give a pattern such as "eu-*" for the attribute, of at most 256 characters'
const LEAST = 'give at least one pattern, "*" for everything'

describe('the keys of a route', () => {
  it.each<[string, v.GenericSchema, unknown, unknown]>([
    ['include', include, ['*', 'checkout.?', 'é*', 'x'.repeat(256)], ['*', 'checkout.?', 'é*', 'x'.repeat(256)]],
    ['exclude', exclude, ['a'], ['a']],
    ['exclude nothing', exclude, [], []],
    ['where', where, { service: 'shop', region: ['eu-*', 'us-*'] }, { service: ['shop'], region: ['eu-*', 'us-*'] }],
    ['where an attribute is missing', where, { release: '', page: [''] }, { release: [''], page: [''] }],
    ['where nothing', where, {}, {}],
    ['where, of an inherited name', where, { toString: 'x' }, { toString: ['x'] }],
  ])('%s', (...[, schema, written, becomes]) => {
    expect(parsed(schema, written)).toEqual(becomes)
  })

  it.each<[string, v.GenericSchema, unknown, string]>([
    ['include', include, [], `it: ${LEAST}`],
    ['include', include, 'a', 'it: give a list of patterns'],
    ['include', include, { 0: 'a', length: 1 }, 'it: give a list of patterns'],
    ['include', include, [''], `it[0]: ${PATTERN}`],
    ['include', include, ['a', 'b\n'], `it[1]: ${PATTERN}`],
    ['include', include, ['x'.repeat(257)], `it[0]: ${PATTERN}`],
    ['exclude', exclude, [7], `it[0]: ${PATTERN}`],
    ['where', where, [], 'it: give an object of attributes and the patterns they must match'],
    ['where', where, { 'a-b': 'x' }, 'it.a-b: is not the name of an attribute: use letters, digits, "_" and "."'],
    ['where', where, { __a: 'x' }, 'it.__a: is not the name of an attribute: use letters, digits, "_" and "."'],
    ['where', where, { a: [] }, `it.a: ${LEAST}`],
    ['where', where, { a: 7 }, `it.a: ${VALUE}`],
    ['where', where, { a: null }, `it.a: ${VALUE}`],
    ['where', where, { a: ['x', 7] }, `it.a[1]: ${VALUE}`],
    ['where', where, { a: 'x'.repeat(257) }, `it.a: ${VALUE}`],
    ['where', where, { a: '\u0000' }, `it.a: ${VALUE}`],
    ['where', where, JSON.parse('{"__proto__":"x"}'), 'it: remove the keys "__proto__", "constructor" and "prototype": they are not possible here'],
  ])('%s of %j says what to do', (...[, schema, written, mistake]) => {
    expect(mistakesIn(schema, written)).toEqual([mistake])
  }) // prettier-ignore
})

describe('routeOf', () => {
  const base = { include: ['a'], exclude: ['b'], where: { c: ['d'] } }

  it.each([
    [{}, base],
    [{ include: ['x'] }, { ...base, include: ['x'] }],
    [{ exclude: [] }, { ...base, exclude: [] }],
    [{ where: {} }, { ...base, where: {} }],
    [
      { include: ['x'], exclude: ['y'], where: { z: ['1'] } },
      { include: ['x'], exclude: ['y'], where: { z: ['1'] } },
    ],
  ])('puts %j over the route that was', (written, route) => {
    expect(routeOf(written, base)).toEqual(route)
  })

  it('takes everything where nothing is written', () => {
    expect(routeOf({})).toEqual({ include: ['*'], exclude: [], where: {} })
  })
})
