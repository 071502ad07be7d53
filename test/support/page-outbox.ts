import type { Page } from 'playwright-core'

/** How many batches for an endpoint lie in the outbox of the page's origin, read past the code under test. */
export const batchesIn = (page: Page, endpoint: string): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(opening.error))
        opening.addEventListener('success', () => {
          const counting = opening.result.transaction('outbox').objectStore('outbox').count(IDBKeyRange.lowerBound([]))
          counting.addEventListener('success', () => {
            opening.result.close()
            resolve(counting.result)
          })
        })
      }),
    `pharos ${endpoint}`,
  )
