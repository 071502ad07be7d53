import { expect, it } from 'vitest'
import { idOf } from '../../../src/courier/id.ts'
import { entryOf } from '../core/pages.ts'

it('is the same for copies of one batch, and for no other', () => {
  const entry = entryOf(7, { sealedMs: 12, session: 'BBBBBBBBBBBBBBBB' })
  expect(idOf(entry)).toBe('12,BBBBBBBBBBBBBBBB,7')
  expect(idOf(structuredClone(entry))).toBe(idOf(entry))
  for (const other of [{ sequence: 8 }, { sealedMs: 13 }, { session: 'CCCCCCCCCCCCCCCC' }])
    expect(idOf({ ...entry, ...other })).not.toBe(idOf(entry))
})
