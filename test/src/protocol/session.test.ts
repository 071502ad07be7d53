import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import { SESSION_LENGTH } from '../../../src/protocol/limits.ts'
import { sessionOf } from '../../../src/protocol/session.ts'

it.each([
  [0, '0000000000000000'],
  [35, 'zzzzzzzzzzzzzzzz'],
  [36, '0000000000000000'],
  [255, '3333333333333333'],
])('writes bytes of %i as %s', (byte, text) => {
  expect(sessionOf(new Uint8Array(SESSION_LENGTH).fill(byte))).toBe(text)
})

it('is a session that the edge takes, whatever the bytes are', () => {
  const bytes = fc.uint8Array({ minLength: SESSION_LENGTH, maxLength: SESSION_LENGTH })
  fc.assert(
    fc.property(bytes, (random) => {
      const session = sessionOf(random)
      const groups = [{ session, resource: {}, batches: [[1, 0, [['a', 1]], []]] }]
      const decoded = decodeEnvelope({ v: 1, sent: 0, groups })
      expect(decoded.ok && decoded.value.map((batch) => batch.session)).toEqual([session])
    }),
  )
})
