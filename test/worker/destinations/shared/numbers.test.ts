import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumber } from '../../../../worker/destinations/shared/numbers.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.5, '0.5'],
    [2 ** -10, '0.0009765625'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [-2.5e-300, '-2.5e-300'],
    [123_456_789, '123456789'],
    [1e20, '100000000000000000000'],
    [1e21, '1e+21'],
    [1.25e100, '1.25e+100'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('%d is %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected)
  })

  it('reads back the same', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatNumber(value)) === value).toBe(true)
      }),
    )
  })
})
