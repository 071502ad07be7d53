import type { SealedBatch } from '../../../src/protocol/wire.ts'
import { createEntry, type Entry } from '../../../src/delivery/entry.ts'

export const batchOf = (sequence: number, sealedMs = 0, session = 'AAAAAAAAAAAAAAAA'): SealedBatch => ({
  session,
  resource: {},
  sequence,
  sealedMs,
  records: 1,
  text: JSON.stringify([sequence, sealedMs, [['clicks', 1]], []]),
})

export const entryOf = (sequence: number, changes: Partial<Entry> = {}): Entry => ({
  ...createEntry(batchOf(sequence, changes.sealedMs, changes.session)),
  ...changes,
})

/** The identities in a body. */
export const identitiesOf = (body: string): string[] => {
  const { groups } = JSON.parse(body) as { groups: { session: string; batches: [number][] }[] }
  return groups.flatMap(({ session, batches }) => batches.map(([sequence]) => `${session}/${sequence}`))
}
