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
 * Runs `work` in a transaction on the outbox and commits it (https://w3c.github.io/IndexedDB/#dom-idbtransaction-commit). Without the
 * commit, half of the writes of a closing page are lost, and Chromium keeps the page out of the back/forward cache
 * (https://web.dev/articles/bfcache, "Close open connections"). If `work` returns something, it commits later by itself.
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
          // idb-keyval does not listen. Without this, a tab that deletes or upgrades the database would wait for ever
          // (https://w3c.github.io/IndexedDB/#eventdef-idbdatabase-versionchange).
          transaction.db.onversionchange = () => transaction.db.close()
          transaction.oncomplete = () => resolve('done')
          transaction.addEventListener('abort', () => reject(transaction.error))
          if (!work(objects)) transaction.commit()
        }),
    )
  } catch (error) {
    const isFull = (error as DOMException | null)?.name === 'QuotaExceededError'
    // Without an error the transaction was aborted, and the storage works. After any other error the next call opens a new store, because
    // idb-keyval keeps a connection that was closed (https://github.com/jakearchibald/idb-keyval/blob/main/src/index.ts).
    if (error && !isFull) page.store = undefined
    return isFull ? 'full' : 'failed'
  }
}
