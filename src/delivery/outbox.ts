import { createStore } from 'idb-keyval'
import { keyOf, type Entry } from './entry.ts'
import type { Pace } from './flush-policy.ts'

/** Longest that anybody waits for the storage, ms: an open that is blocked by another tab may take for ever. */
export const STORAGE_TIMEOUT_MS = 1_000

const PACE_KEY = 'pace'

export interface Change {
  readonly put?: readonly Entry[]
  readonly remove?: readonly Entry[]
  readonly pace?: Pace | undefined
}

/** `full`: the quota is used up. `failed`: no storage for now. */
export type StorageResult = 'done' | 'full' | 'failed'

/** The batches of all tabs of the origin, in IndexedDB. No method throws or rejects. */
export interface Outbox {
  /**
   * Makes the change that `decide` returns, in one transaction. Where the storage is slow to open it answers `failed`, and makes
   * the change when it is open: a page must not go without storage because its browser had to mend it first.
   */
  readonly change: (decide: Decide) => Promise<StorageResult>
  /** Reads all, oldest first, and makes the change that `decide` returns, in one transaction; not later than it answers. */
  readonly review: (decide: Decide) => Promise<StorageResult>
  /** Opens the storage, so that what is written next need not wait for it, and reads how the other pages do. */
  readonly open: (onPace: (pace: Pace | undefined) => void) => Promise<StorageResult>
  readonly clear: () => Promise<StorageResult>
  /** Gives up a review that is still reading: an open transaction bars the page from the back/forward cache. */
  readonly leave: () => void
}

/** `change` knows nothing of what is `stored`. */
export type Decide = (stored: readonly Entry[], pace: Pace | undefined) => Change

export const createOutbox = (): Outbox => {
  const create = () => createStore('pharos', 'outbox')
  let store = create()
  let reading: IDBTransaction | undefined

  const transact = (work: (objects: IDBObjectStore, isLate: boolean) => void): Promise<StorageResult> =>
    new Promise((resolve) => {
      const attempt = store
      let isLate = false
      const fail = (error: Error | null): void => {
        const isFull = error?.name === 'QuotaExceededError'
        // No error: `leave` gave up the transaction, and the storage is well. Else a new store: idb-keyval keeps one that was closed.
        if (error && !isFull && attempt === store) store = create()
        resolve(isFull ? 'full' : 'failed')
      }
      // Async, because it throws where there is no IndexedDB at all.
      const begin = async (): Promise<void> => {
        const begun = attempt('readwrite', (objects) => {
          const { transaction } = objects
          // idb-keyval does not listen: without this, a tab that deletes or upgrades the database would hang.
          transaction.db.onversionchange = () => transaction.db.close()
          transaction.addEventListener('complete', () => resolve('done'))
          transaction.addEventListener('abort', () => fail(transaction.error))
          work(objects, isLate)
        })
        setTimeout(() => {
          isLate = true
          resolve('failed')
        }, STORAGE_TIMEOUT_MS)
        await begun
      }
      begin().catch(fail)
    })

  // Without commit() half of the writes of a closing page are lost, and Chromium bars it from the back/forward cache.
  const apply = (objects: IDBObjectStore, { put = [], remove = [], pace }: Change): void => {
    for (const entry of remove) objects.delete(keyOf(entry))
    for (const entry of put) objects.put(entry, keyOf(entry))
    if (pace) objects.put(pace, PACE_KEY)
    objects.transaction.commit()
  }

  return {
    change: (decide) => transact((objects) => apply(objects, decide([], undefined))),
    review: (decide) =>
      transact((objects, isLate) => {
        // What nobody waits for any more must not take the lease, nor delete what nobody would count.
        if (isLate) return
        reading = objects.transaction
        const pace = objects.get(PACE_KEY)
        // Arrays are greater than all other keys (IndexedDB, "compare two keys").
        const entries = objects.getAll(IDBKeyRange.lowerBound([]))
        entries.onsuccess = () => {
          reading = undefined
          apply(objects, decide(entries.result, pace.result))
        }
      }),
    open: (onPace) =>
      transact((objects) => {
        const pace = objects.get(PACE_KEY)
        pace.onsuccess = () => onPace(pace.result)
        objects.transaction.commit()
      }),
    clear: () =>
      transact((objects) => {
        objects.clear()
        objects.transaction.commit()
      }),
    leave: () => reading?.abort(),
  }
}
