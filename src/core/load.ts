import { guard } from './guard.ts'
import type { Courier, Page } from './types.ts'

/** How long a page waits before it loads a missing part again, ms. */
const RETRY_MS = 10_000

/** Loads once. After a failure, a call loads again when RETRY_MS are over or the network is back. */
export const loadOnce = <Part>(load: () => Promise<Part>): (() => Promise<Part>) => {
  let loading: Promise<Part> | undefined
  return () =>
    (loading ??= load().catch((error: unknown) => {
      const failed = loading
      const forget = (): void => {
        if (loading === failed) loading = undefined
        // A part that stays missing must not leave a listener for every try.
        removeEventListener('online', forget)
      }
      setTimeout(forget, RETRY_MS)
      addEventListener('online', forget)
      throw error
    }))
}

/** Calls `work` with the courier, or not at all where it cannot be loaded now: the batches stay in the outbox. */
export const askCourier = (page: Page, work: (courier: Courier) => void): void => {
  page.loadCourier().then(guard(work), () => {})
}
