import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProtobufWriter } from '../../../../worker/destinations/shared/protobuf-writer.ts'
import { encodeUtf8 } from '../../../../worker/destinations/shared/utf8.ts'

/** A field of text as protobuf has it: its tag, its length as a varint, its bytes. */
function fieldOf(tag: number, text: string): number[] {
  const bytes = encodeUtf8(text)
  const field = [tag * 8 + 2]
  let length = bytes.length
  for (; length > 0x7f; length >>>= 7) field.push((length & 0x7f) | 0x80)
  return [...field, length, ...bytes]
}

function written(texts: readonly string[]): number[] {
  const writer = createProtobufWriter()
  for (const text of texts) writer.writeStringField(1, text)
  return [...writer.finish()]
}

describe('a text', () => {
  const planes = Array.from({ length: 17 }, (_, plane) => plane)
  it.each(planes)('has the characters of the plane %i as UTF-8', (plane) => {
    for (const place of [0, 0x20, 0xbb7, 0xfffd]) {
      const text = String.fromCodePoint(plane * 0x10000 + place)
      expect(written([text])).toEqual(fieldOf(1, text))
    }
  })

  it.each(['', '𠮷野家', 'a𠮷\ud800', '\udc00😀', '\ud83d\ud83d\ude00', `${'x'.repeat(200)}𠮷`, '𠮷'.repeat(5_000)])(
    'is UTF-8: %#',
    (text) => {
      expect(written([text])).toEqual(fieldOf(1, text))
    },
  )

  it('is UTF-8 whatever stands before it', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 100 }), { maxLength: 10 })
    fc.assert(
      fc.property(texts, (all) => {
        expect(written(all)).toEqual(all.flatMap((text) => fieldOf(1, text)))
      }),
    )
  })
})
