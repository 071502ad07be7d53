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
  /** Opens the storage, again if it failed before, as `review` and `clear` do. Until then, changes fail at once. */
  readonly open: () => void
  /** Makes the change that `decide` returns, in one transaction. */
  readonly change: (decide: () => Change) => Promise<StorageResult>
  /** Reads all, oldest first, and makes the change that `decide` returns, in one transaction. */
  readonly review: (decide: (stored: readonly Entry[], pace: Pace | undefined) => Change) => Promise<StorageResult>
  readonly clear: () => Promise<StorageResult>
  /** Gives up a review that is still reading: an open transaction bars the page from the back/forward cache. */
  readonly leave: () => void
}

export const createOutbox = (): Outbox => {
  let store: ReturnType<typeof createStore> | undefined
  let reading: IDBTransaction | undefined

  const open = (): void => {
    store ??= createStore('pharos', 'outbox')
  }

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
      // No error: `leave` gave up the transaction, and the storage is well. Else a new store: idb-keyval keeps the old promise.
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
    // Opens at once, so that what is recorded in the next moment need not wait for it.
    open: () => {
      open()
      void transact(() => {})
    },
    change: (decide) => transact((objects) => apply(objects, decide())),
    review: (decide) => {
      open()
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
    clear: () => {
      open()
      return transact((objects) => {
        objects.clear()
        objects.transaction.commit()
      })
    },
    leave: () => reading?.abort(),
  }
}
