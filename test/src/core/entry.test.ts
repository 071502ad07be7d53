import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, createEntry, keyOf, totalOf } from '../../../src/core/entry.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { entryOf } from './pages.ts'

it('has a key that orders by age and holds the identity', () => {
  const entry = entryOf(7, { sealedMs: 12, session: 'BBBBBBBBBBBBBBBB' })
  expect(keyOf(entry)).toEqual([12, 'BBBBBBBBBBBBBBBB', 7])
})

it('counts bytes of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(bytesOf(text)).toBe(Buffer.byteLength(text))
    }),
  )
})

it('adds up', () => {
  const entries = [entryOf(1, { records: 2, bytes: 10 }), entryOf(2, { records: 3, bytes: 5 })]
  expect([totalOf('records', entries), totalOf('bytes', entries), totalOf('bytes', [])]).toEqual([5, 15, 0])
})

it('has the shape that docs/STORAGE.md names, and the bytes of a body that carries it alone', () => {
  const batch = {
    session: 'AAAAAAAAAAAAAAAA',
    weight: 10,
    resource: { service: 'ladenkasse ü' },
    sequence: 3,
    sealedMs: 1_700_000_000_000,
    records: 4,
    drops: { bad_value: 1 },
    text: '[3,1700000000000,[["ü",4]],[]]',
  }
  const entry = createEntry(batch)
  expect(entry).toEqual({ ...batch, v: 1, bytes: Buffer.byteLength(encodeEnvelope([batch], batch.sealedMs)) })
  expect(structuredClone(entry)).toEqual(entry)
})
