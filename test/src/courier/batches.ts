import { createEntry } from '../../../src/core/entry.ts'
import type { Entry } from '../../../src/core/types.ts'

export const SESSION = 'AAAAAAAAAAAAAAAA'

export const entryOf = (sequence: number, changes: Partial<Entry> = {}): Entry => {
  const { sealedMs = 0, session = SESSION } = changes
  const text = JSON.stringify([sequence, sealedMs, [['clicks', 1]], []])
  return { ...createEntry({ session, resource: {}, sequence, sealedMs, records: 1, drops: {}, text }), ...changes }
}

/** The identities in a body. */
export const identitiesOf = (body: string): string[] => {
  const { groups } = JSON.parse(body) as { groups: { session: string; batches: [number][] }[] }
  return groups.flatMap(({ session, batches }) => batches.map(([sequence]) => `${session}/${sequence}`))
}
