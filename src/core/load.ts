import { guard } from './guard.ts'
import type { Courier, Page } from './types.ts'

/** How soon a part that could not be loaded is asked for again, ms. */
const RETRY_MS = 10_000

/** Loads once. After a failure, the next call loads again that is not too soon, or that the network's return asks for. */
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

/** Calls `work` with the courier, or not at all where it cannot be loaded now: the outbox has it all. */
export const askCourier = (page: Page, work: (courier: Courier) => void): void => {
  page.loadCourier().then(guard(work), () => {})
}
