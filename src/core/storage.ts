import { createStore } from 'idb-keyval'

export type Store = ReturnType<typeof createStore>

/** `full`: the quota is used up. `failed`: no storage for now. */
export type StorageResult = 'done' | 'full' | 'failed'

/** One database an endpoint, so that two apps of one origin never see each other's batches (docs/STORAGE.md). */
export const DATABASE_PREFIX = 'pharos '

/** An outbox: a page has one. Its store is opened with the first use. */
export interface Opened {
  readonly url: string
  store?: Store | undefined
}

/**
 * Runs `work` in a transaction on the outbox and commits it: without that half of the writes of a closing page are lost, and
 * Chromium bars it from the back/forward cache. Where `work` returns something, it will commit later.
 * Never throws or rejects; where the storage is slow to open, `work` runs when it is open.
 */
export const transact = async (page: Opened, work: (objects: IDBObjectStore) => unknown): Promise<StorageResult> => {
  try {
    page.store ??= createStore(DATABASE_PREFIX + page.url, 'outbox')
    return await page.store(
      'readwrite',
      (objects) =>
        new Promise<StorageResult>((resolve, reject) => {
          const { transaction } = objects
          // idb-keyval does not listen: without this, a tab that deletes or upgrades the database would hang.
          transaction.db.onversionchange = () => transaction.db.close()
          transaction.oncomplete = () => resolve('done')
          transaction.addEventListener('abort', () => reject(transaction.error))
          if (!work(objects)) transaction.commit()
        }),
    )
  } catch (error) {
    const isFull = (error as DOMException | null)?.name === 'QuotaExceededError'
    // No error: the transaction was given up, and the storage is well. Else a new store: idb-keyval keeps one that was closed.
    if (error && !isFull) page.store = undefined
    return isFull ? 'full' : 'failed'
  }
}
