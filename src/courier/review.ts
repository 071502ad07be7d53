import { guard } from '../core/guard.ts'
import { keyOf } from '../core/entry.ts'
import { transact, type Opened, type StorageResult } from '../core/storage.ts'
import type { Entry } from '../core/types.ts'
import type { SendState } from '../protocol/send-state.ts'
import { checkState, checkStored } from './stored.ts'

/** Longest wait for the storage, ms: another tab may block its opening for ever. */
const STORAGE_TIMEOUT_MS = 1_000

export interface Change {
  readonly put?: readonly Entry[]
  readonly remove?: readonly Entry[]
  readonly state?: SendState | undefined
}

export interface Reviewer {
  /** Reads all, oldest first, and makes the change that `decide` returns, in one transaction; never after it has answered. */
  readonly review: (decide: (stored: readonly Entry[], state: SendState) => Change) => Promise<StorageResult>
  /** Gives up a review that has not read yet: an open transaction keeps the page out of the back/forward cache. */
  readonly leave: () => void
}

export const createReviewer = (page: Opened): Reviewer => {
  let giveUp = (): void => {}
  return {
    review: (decide) =>
      new Promise((resolve) => {
        let reading: IDBTransaction | undefined
        /** Whether the review was given up, or has decided: then its deletions are final and must be counted. */
        let isOver = false
        giveUp = guard(() => {
          if (isOver) return
          isOver = true
          resolve('failed')
          // The storage may be gone, and the transaction with it.
          reading?.abort()
        })
        setTimeout(giveUp, STORAGE_TIMEOUT_MS)
        void transact(page, (objects) => {
          if (isOver) return undefined
          reading = objects.transaction
          // Arrays are greater than all other keys (https://w3c.github.io/IndexedDB/#compare-two-keys).
          const ours = IDBKeyRange.lowerBound([])
          const stored = objects.get('pace')
          const keys = objects.getAllKeys(ours)
          const values = objects.getAll(ours)
          values.onsuccess = guard(() => {
            // After it was given up, a review must not take the lease, and must not delete batches, since no page would count them.
            if (isOver) return
            isOver = true
            const { entries, junk } = checkStored(keys.result, values.result)
            const { put = [], remove = [], state } = decide(entries, checkState(stored.result))
            for (const key of [...junk, ...remove.map(keyOf)]) objects.delete(key)
            for (const entry of put) objects.put(entry, keyOf(entry))
            if (state) objects.put(state, 'pace')
            objects.transaction.commit()
          })
          return reading
        }).then(resolve)
      }),
    leave: () => giveUp(),
  }
}
