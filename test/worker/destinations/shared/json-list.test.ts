import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameBytes, frameOf, joinList, jsonNumber } from '../../../../worker/destinations/shared/json-list.ts'

describe('jsonNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [5e-324, '5e-324'],
    [-2.5, '-2.5'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '9.007199254740992e+15'],
    [-(2 ** 64), '-1.8446744073709552e+19'],
    [1e290, '1e+290'],
  ])('%d is %s', (value, text) => {
    expect(jsonNumber(value)).toBe(text)
  })

  it('reads back as it was', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(JSON.parse(jsonNumber(value))).toBe(value + 0)
      }),
    )
  })
})

describe('joinList', () => {
  const utf8 = new TextEncoder()

  it('is what JSON would make of the items', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (items) => {
        const frame = frameOf('{"é":[', ']}')
        const encoded = items.map((item) => utf8.encode(JSON.stringify(item)))
        const list = joinList(frame, encoded)
        expect(new TextDecoder().decode(list)).toBe(JSON.stringify({ é: items }))
        expect(list.length).toBeLessThanOrEqual(
          frameBytes(frame) + encoded.reduce((sum, { length }) => sum + length + 1, 0),
        )
      }),
    )
  })
})
