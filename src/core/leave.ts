import { encodeEnvelope } from '../protocol/envelope.ts'
import { now } from './clock.ts'
import { totalOf } from './entry.ts'
import { save } from './hold.ts'
import { BODY_BYTES, KEEPALIVE_BYTES, takeBatches } from './keepalive-budget.ts'
import { send } from './send.ts'
import type { Entry, InProgress, Page } from './types.ts'

/**
 * Hands one body to the browser; true when the browser took it, which does not prove that it will arrive. `sendBeacon` is only for
 * browsers without keepalive: it carries the site's cookies, hides the page's origin where the referrer policy asks for it, and
 * blockers stop it (docs/BROWSERS.md#what-a-request-tells).
 */
const hand = (page: Page, entries: readonly Entry[]): boolean => {
  try {
    if ('keepalive' in Request.prototype) {
      // A page without a courier reads no answer. It keeps the last 50 for a courier; later requests confirm the other batches.
      if (page.answers.push([entries, send(page.url, entries).catch(() => undefined)]) > 50) void page.answers.shift()
      return true
    }
  } catch {
    // A page may have replaced fetch.
  }
  return navigator.sendBeacon(page.url, encodeEnvelope(entries, now()))
}

/** The page may be going away: hands over the batches that it has not sent, the newest first. */
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
    // An edge that was just down will most likely not take this request.
    if (!isFailing)
      for (const entry of entries) {
        entry.leftMs = leftMs
        page.unsaved.add(entry)
      }
  }
  void save(page)
}
