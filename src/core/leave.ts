import { encodeEnvelope } from '../protocol/envelope.ts'
import { now } from './clock.ts'
import { totalOf } from './entry.ts'
import { save } from './hold.ts'
import { BODY_BYTES, KEEPALIVE_BYTES, takeBatches } from './keepalive-budget.ts'
import { send } from './send.ts'
import type { Entry, InProgress, Page } from './types.ts'

/**
 * Hands one body to the browser; true when it was taken, which proves nothing. A beacon would carry the site's cookies and hide the
 * page's origin where its referrer policy says so, and blockers stop it: it is for browsers without keepalive (docs/BROWSERS.md).
 */
const hand = (page: Page, entries: readonly Entry[]): boolean => {
  try {
    if ('keepalive' in Request.prototype) {
      // Without a courier, nothing reads the answers: a later request confirms the oldest batches.
      if (page.answers.push([entries, send(page.url, entries).catch(() => undefined)]) > 50) void page.answers.shift()
      return true
    }
  } catch {
    // A page may have replaced fetch.
  }
  return navigator.sendBeacon(page.url, encodeEnvelope(entries, now()))
}

/** The page may be going away: hands over what has not been sent, the newest first. */
export const leave = (page: Page): void => {
  const { inFlightBytes = 0, isQuiet, isFailing } = (page.courier?.leave() ?? {}) as Partial<InProgress>
  const leftMs = now()
  // While the edge asks pages to wait, only batches that may not be in the outbox leave.
  const isUnsent = (entry: Entry) => !entry.leftMs && (!isQuiet || page.unsaved.has(entry))
  let unsent: readonly Entry[] = [...page.own].filter(isUnsent).reverse()
  let room = KEEPALIVE_BYTES - inFlightBytes
  for (;;) {
    const entries = takeBatches(unsent, Math.min(BODY_BYTES, room))
    if (!entries.length || !hand(page, entries)) break
    room -= totalOf('bytes', entries)
    unsent = unsent.slice(entries.length)
    // A request to an edge that was just down proves even less.
    if (!isFailing)
      for (const entry of entries) {
        entry.leftMs = leftMs
        page.unsaved.add(entry)
      }
  }
  void save(page)
}
