import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeUtf8 } from '../../../../worker/destinations/shared/utf8.ts'

it.each([
  ['', []],
  ['a', [0x61]],
  ['é', [0xc3, 0xa9]],
  ['€', [0xe2, 0x82, 0xac]],
  ['😀', [0xf0, 0x9f, 0x98, 0x80]],
  ['\u0000', [0]],
  // No byte order mark is added, none is taken away, and a lone surrogate becomes U+FFFD.
  ['\ufeff', [0xef, 0xbb, 0xbf]],
  ['\ud83d', [0xef, 0xbf, 0xbd]],
  ['\ude00\ud83d', [0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd]],
])('%j is %j', (text, bytes) => {
  expect([...encodeUtf8(text)]).toEqual(bytes)
})

it('reads back as it was, and joined as its parts', () => {
  const anyText = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(anyText, anyText, (left, right) => {
      const joined = encodeUtf8(left + right)
      expect(new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }).decode(joined)).toBe(left + right)
      expect([...joined]).toEqual([...encodeUtf8(left), ...encodeUtf8(right)])
    }),
  )
})
