import { describe, expect, it } from 'vitest'
import { toAttributes, toMetricName } from '../../../src/otel/attributes.ts'

describe('toMetricName', () => {
  it.each([
    ['http.server.duration', 'http.server.duration'],
    ['queue-size', 'queue_size'],
    ['a/b-c', 'a_b_c'],
    [Symbol('x'), ''],
    [undefined, ''],
  ])('%s is %j', (name, expected) => {
    expect(toMetricName(name)).toBe(expected)
  })
})

describe('toAttributes', () => {
  it.each([[undefined], [{}], [{ a: 'b', 'c.d': 1, e: true }]])('passes %j on without a copy', (attributes) => {
    expect(toAttributes(attributes)).toBe(attributes)
  })

  it.each<[object, object]>([
    [{ 'a-b': 1 }, { a_b: 1 }],
    [{ a: undefined, b: null, c: 1 }, { c: 1 }],
    [{ a: ['x', 'y'] }, { a: '["x","y"]' }],
    [{ a: { b: 1 } }, { a: '{"b":1}' }],
  ])('writes %j as %j', (attributes, expected) => {
    expect(toAttributes(attributes as never)).toEqual(expected)
  })

  it('leaves attributes that cannot be read to the beacon', () => {
    const hostile = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(toAttributes(hostile as never)).toBe(hostile)
  })
})
