import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEntry, totalOf } from '../../../src/core/entry.ts'
import { BODY_BYTES, KEEPALIVE_BYTES, takeBatches } from '../../../src/core/keepalive-budget.ts'
import { MAX_BATCH_BYTES, MAX_BATCHES_PER_BODY, MAX_BODY_BYTES } from '../../../src/protocol/limits.ts'
import { encodeEnvelope } from '../../../src/protocol/envelope.ts'
import { entryOf } from './pages.ts'

const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length

describe('takeBatches', () => {
  it.each([
    [[], 10, 0],
    [[10], 10, 1],
    [[11], 10, 0],
    [[5, 5, 5], 10, 2],
    [[5, 6, 1], 10, 1],
    [[11, 1], 10, 0],
  ])('of %j bytes in %i takes %i', (sizes, maxBytes, taken) => {
    const entries = sizes.map((bytes, i) => entryOf(i + 1, { bytes }))
    expect(takeBatches(entries, maxBytes)).toEqual(entries.slice(0, taken))
  })

  it('makes bodies within the limits of the wire, whatever is in them', () => {
    const anyBatch = fc.record({
      session: fc.constantFrom('A'.repeat(16), 'B'.repeat(16)),
      name: fc.string({ unit: 'grapheme' }),
    })
    fc.assert(
      fc.property(fc.array(anyBatch, { minLength: 1, maxLength: 500, size: 'max' }), (all) => {
        const entries = all.map(({ session, name }, i) =>
          createEntry({
            ...entryOf(i + 1, { sealedMs: 2 ** 41, session }),
            resource: { service: name },
            text: JSON.stringify([i, 2 ** 41, [[name, 1]], []]),
          }),
        )
        const taken = takeBatches(entries, BODY_BYTES)
        expect(utf8Bytes(encodeEnvelope(taken, 2 ** 41))).toBeLessThanOrEqual(totalOf('bytes', taken))
        expect(totalOf('bytes', taken)).toBeLessThanOrEqual(BODY_BYTES)
      }),
      { numRuns: 30 },
    )
  })

  it('stays under the number of batches a body may have, as none is smaller than this', () => {
    const least = createEntry({ ...entryOf(1), text: '[1,0,[["a",1]],[]]' }).bytes
    expect(BODY_BYTES / least).toBeLessThan(MAX_BATCHES_PER_BODY)
  })

  it('leaves others some of the budget, and any batch fits a body', () => {
    expect(KEEPALIVE_BYTES).toBeLessThan(MAX_BODY_BYTES)
    expect(2 * BODY_BYTES).toBeLessThanOrEqual(KEEPALIVE_BYTES)
    expect(MAX_BATCH_BYTES).toBeLessThan(BODY_BYTES)
  })
})
