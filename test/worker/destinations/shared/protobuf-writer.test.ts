import * as fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, it } from 'vitest'
import { createProtobufWriter } from '../../../../worker/destinations/shared/protobuf-writer.ts'

const Message = protobuf.parse('syntax = "proto3"; message Message { string text = 1; }').root.lookupType('Message')

function written(text: string): unknown {
  const writer = createProtobufWriter()
  writer.writeStringField(1, text)
  return Message.toObject(Message.decode(writer.finish()), { defaults: true })
}

it('writes text of every plane', () => {
  const codePoints = fc.integer({ min: 1, max: 0x10ffff }).filter((one) => one < 0xd800 || one > 0xdfff)
  fc.assert(
    fc.property(fc.array(codePoints, { minLength: 1, maxLength: 200 }), (points) => {
      const text = String.fromCodePoint(...points)
      expect(written(text)).toEqual({ text })
    }),
    { examples: [[[0x1ffff]], [[0x20000]], [[0x2a6df]], [[0x10ffff]]] },
  )
})
