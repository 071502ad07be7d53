import { DATABASE_PREFIX, transact } from '../core/storage.ts'
import type { Entry, Page } from '../core/types.ts'
import { canDeliver } from '../core/window.ts'
import { IDLE, isWithin } from '../protocol/send-state.ts'
import { createReviewer } from './review.ts'

/** How long nothing must have happened in the outbox of another endpoint until it counts as left, ms. */
const QUIET_MS = 3_600_000

/**
 * Takes over the batches of an endpoint that moved: if this page is the first to send to its endpoint, if only one other ever existed
 * on this origin, and if all batches there are of the same named service. Two apps of one origin must not take from each other.
 * Two edges must not count the same batch. So it takes no batch that was handed over to the old endpoint, and none while a tab of the
 * old one may be open, which would record or try to send. Rejects where the browser cannot tell which databases there are.
 */
export async function adopt(page: Page, nowMs: number): Promise<void> {
  const { service } = page.resource
  // In a frame that may not store, Chromium's `databases()` rejects, beside its own promise, one that no script can catch: the page would see
  // an `unhandledrejection`. So the storage is tried first.
  if (!service || (await transact(page, () => {})) !== 'done') return
  const others = (await indexedDB.databases()).filter(
    ({ name }) => name!.startsWith(DATABASE_PREFIX) && name !== DATABASE_PREFIX + page.url,
  )
  if (others.length !== 1) return
  const theirs = createReviewer({ url: others[0]!.name!.slice(DATABASE_PREFIX.length) })
  let moving: readonly Entry[] = []
  await theirs.review((stored, { failedMs, waitMs }) => {
    const isLeft = ({ resource, sealedMs }: Entry) => resource.service === service && nowMs - sealedMs > QUIET_MS
    if (!isWithin(failedMs, waitMs + QUIET_MS, nowMs) && stored.every(isLeft))
      moving = stored.filter(({ leftMs }) => !leftMs)
    return {}
  })
  const written = await createReviewer(page).review((_, state) => {
    // Pages have been here before, or consent was withdrawn meanwhile.
    if (state !== IDLE || !canDeliver(page)) moving = []
    return { put: moving }
  })
  if (written === 'done') await theirs.review(() => ({ remove: moving }))
}
