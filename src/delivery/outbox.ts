import { createStore } from 'idb-keyval'
import { keyOf, type Entry } from './entry.ts'
import type { Pace } from './flush-policy.ts'

/** Longest wait for the storage, ms: an open that is blocked by another tab never ends by itself. */
export const STORAGE_TIMEOUT_MS = 1_000

const PACE_KEY = 'pace'

export interface Change {
  readonly put?: readonly Entry[]
  readonly remove?: readonly Entry[]
  readonly pace?: Pace | undefined
}

/** `full`: the quota is used up. `failed`: no storage for now; nothing was changed. */
export type StorageResult = 'done' | 'full' | 'failed'

/** The batches of all tabs of the origin, in IndexedDB. No method throws or rejects. */
export interface Outbox {
  /** Makes the change that `decide` returns, in one transaction. Fails at once while the storage is broken. */
  readonly change: (decide: Decide) => Promise<StorageResult>
  /** Reads all, oldest first, and makes the change that `decide` returns, in one transaction. Tries a broken storage again. */
  readonly review: (decide: Decide) => Promise<StorageResult>
  /** Gives up a review that is still reading: an open transaction bars the page from the back/forward cache. */
  readonly leave: () => void
}

/** `change` knows nothing of what is `stored`. */
export type Decide = (stored: readonly Entry[], pace: Pace | undefined) => Change

export const createOutbox = (): Outbox => {
  // Opened by the first transaction, not here.
  const create = () => createStore('pharos', 'outbox')
  let store: ReturnType<typeof create> | undefined = create()
  let reading: IDBTransaction | undefined

  const transact = async (work: (objects: IDBObjectStore) => void): Promise<StorageResult> => {
    const attempt = store
    if (!attempt) return 'failed'
    try {
      await new Promise<unknown>((resolve, reject) => {
        setTimeout(reject, STORAGE_TIMEOUT_MS)
        attempt('readwrite', (objects) => {
          const { transaction } = objects
          // idb-keyval does not listen: without this, a tab that deletes or upgrades the database would hang.
          transaction.db.onversionchange = () => transaction.db.close()
          transaction.addEventListener('complete', resolve)
          transaction.addEventListener('abort', () => reject(transaction.error))
          // Opened too late, nobody waits for it any more.
          if (attempt === store) work(objects)
        }).catch(reject)
      })
      return 'done'
    } catch (error) {
      if ((error as Error | null)?.name === 'QuotaExceededError') return 'full'
      // No error: `leave` gave up the transaction, and the storage is well. Else a new store: idb-keyval waits for the old one.
      if (error !== null && attempt === store) store = undefined
      return 'failed'
    }
  }

  // Without commit() half of the writes of a closing page are lost, and Chromium bars it from the back/forward cache.
  const apply = (objects: IDBObjectStore, { put = [], remove = [], pace }: Change): void => {
    for (const entry of remove) objects.delete(keyOf(entry))
    for (const entry of put) objects.put(entry, keyOf(entry))
    if (pace) objects.put(pace, PACE_KEY)
    objects.transaction.commit()
  }

  return {
    change: (decide) => transact((objects) => apply(objects, decide([], undefined))),
    review: (decide) => {
      store ??= create()
      return transact((objects) => {
        reading = objects.transaction
        const pace = objects.get(PACE_KEY)
        // Arrays are greater than all other keys (IndexedDB, "compare two keys").
        const entries = objects.getAll(IDBKeyRange.lowerBound([]))
        entries.onsuccess = () => {
          reading = undefined
          apply(objects, decide(entries.result, pace.result))
        }
      })
    },
    leave: () => reading?.abort(),
  }
}
