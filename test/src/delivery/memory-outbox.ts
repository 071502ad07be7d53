import type { Entry } from '../../../src/delivery/entry.ts'
import { idOf } from '../../../src/delivery/entry.ts'
import type { Pace } from '../../../src/delivery/flush-policy.ts'
import type { Change, Outbox, StorageResult } from '../../../src/delivery/outbox.ts'

export interface MemoryStorage {
  readonly entries: Map<string, Entry>
  pace: Pace | undefined
  result: StorageResult
  transactions: number
}

export const createMemoryStorage = (): MemoryStorage => ({
  entries: new Map(),
  pace: undefined,
  result: 'done',
  transactions: 0,
})

export const storedEntries = ({ entries }: MemoryStorage): Entry[] =>
  structuredClone([...entries.values()].sort((a, b) => a.sealedMs - b.sealedMs || a.sequence - b.sequence))

/** The outbox as one page of several sees it: transactions happen one after another, and what is read is a copy. */
export const createMemoryOutbox = (storage: MemoryStorage): Outbox => {
  const transact = async (work: () => Change): Promise<StorageResult> => {
    await Promise.resolve()
    storage.transactions++
    if (storage.result !== 'done') return storage.result
    const { put = [], remove = [], pace } = work()
    for (const entry of remove) storage.entries.delete(idOf(entry))
    for (const entry of put) storage.entries.set(idOf(entry), structuredClone(entry))
    storage.pace = pace ?? storage.pace
    await Promise.resolve()
    return 'done'
  }
  return {
    change: (decide) => transact(() => decide([], undefined)),
    review: (decide) => transact(() => decide(storedEntries(storage), storage.pace)),
    open: (onPace) =>
      transact(() => {
        onPace(storage.pace)
        return {}
      }),
    clear: () => transact(() => ({ remove: storedEntries(storage) })),
    leave: () => {},
  }
}
