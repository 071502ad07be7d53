import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { totalOf } from '../../../src/core/entry.ts'
import { MAX_ENTRIES, MAX_OUTBOX_BYTES } from '../../../src/core/hold.ts'
import { boundEntries, isExpired } from '../../../src/courier/outbox-bounds.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { entryOf } from './batches.ts'

const sequences = (entries: readonly { sequence: number }[]): number[] => entries.map(({ sequence }) => sequence)

describe('boundEntries', () => {
  it('keeps what is exactly at the age limit and drops what is older', () => {
    const { kept, excess } = boundEntries([entryOf(1), entryOf(2, { sealedMs: 1 })], RETENTION_MS + 1)
    expect([sequences(kept), sequences(excess)]).toEqual([[2], [1]])
  })

  it('drops the oldest over the number', () => {
    const entries = Array.from({ length: MAX_ENTRIES + 2 }, (_, i) => entryOf(i + 1, { sealedMs: i }))
    const { kept, excess } = boundEntries(entries, 0)
    expect([kept.length, sequences(excess)]).toEqual([MAX_ENTRIES, [1, 2]])
  })

  it('loses nothing, keeps the order and the bytes in bounds, and fills them', () => {
    const anyEntries = fc
      .array(fc.record({ bytes: fc.integer({ min: 100, max: 400_000 }), sealedMs: fc.nat(2 * RETENTION_MS) }), {
        maxLength: 30,
      })
      .map((all) => all.sort((a, b) => a.sealedMs - b.sealedMs).map((one, i) => entryOf(i + 1, one)))
    fc.assert(
      fc.property(anyEntries, fc.nat(2 * RETENTION_MS), (entries, nowMs) => {
        const { kept, excess } = boundEntries(entries, nowMs)
        expect([...excess, ...kept]).toEqual(entries)
        expect(kept.some((entry) => isExpired(entry, nowMs))).toBe(false)
        expect(totalOf('bytes', kept)).toBeLessThanOrEqual(MAX_OUTBOX_BYTES)
        const newestBytes = excess.findLast((entry) => !isExpired(entry, nowMs))?.bytes ?? Infinity
        expect(totalOf('bytes', kept) + newestBytes).toBeGreaterThan(MAX_OUTBOX_BYTES)
      }),
    )
  })
})
