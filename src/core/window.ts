import { now, setClock } from './clock.ts'
import { guard } from './guard.ts'
import { fullness, hold, save } from './hold.ts'
import { isHidden } from './is-hidden.ts'
import { leave } from './leave.ts'
import { sealWindow } from './seal.ts'
import type { Page } from './types.ts'

/** From the first record of a window to its seal, ms. */
const WINDOW_MS = 100

/**
 * How often the window doubles until the outbox is full: a page with 210 series, 50 of them histograms, and 220 records a second can be
 * offline for more than two hours without a drop.
 */
const DOUBLINGS = 17

/** How much later a window ends while the compactor is loaded, ms. */
const COMPACTOR_MS = 1_000

export const canDeliver = ({ isActivated, consent, isShut }: Page): boolean =>
  !!isActivated && consent === true && !isShut

/** Ends the window and holds its batches. */
export const seal = (page: Page): void => {
  if (!canDeliver(page)) return
  // A closing Firefox may have interrupted the last seal (docs/BROWSERS.md#differences, 1).
  hold(page, page.current.sealed)
  // A batch that only reports drops must not push others out of a full outbox.
  if (!page.current.dirty.length && fullness([...page.own]) > 0.999) {
    page.current.isOpen = false
    return
  }
  if (!page.own.size) setClock()
  sealWindow(page, {
    session: page.session,
    weight: page.weight > 1 ? page.weight : undefined,
    resource: page.resource,
    sequence: page.sequence,
    sealedMs: now(),
  })
  hold(page, page.current.sealed)
  void save(page)
}

export const sealAndLeave = (page: Page): void => {
  seal(page)
  // The `pagehide` of a visible page is followed by its `visibilitychange`: web-vitals has its last values only then. In Firefox, 1 in 24
  // requests of that second event is lost when a tab closes, and none when both send (docs/BROWSERS.md#leaving).
  if ((isHidden() || 'mozInnerScreenX' in globalThis) && canDeliver(page)) leave(page)
}

/** Plans the end of the window. */
export const openWindow = (page: Page): void => {
  if (!canDeliver(page)) return
  const windowMs = WINDOW_MS * 2 ** Math.floor(DOUBLINGS * fullness([...page.own]))
  const end = guard(() => seal(page))
  // The timers of a hidden page run once a second at best (https://developer.chrome.com/blog/timer-throttling-in-chrome-88).
  if (page.isAway && isHidden() && windowMs === WINDOW_MS)
    queueMicrotask(page.isLeaving ? guard(() => sealAndLeave(page)) : end)
  else
    setTimeout(
      // A crowded window waits a moment for the compactor.
      guard(() => (page.isCrowded ? void setTimeout(end, COMPACTOR_MS) : end())),
      windowMs,
    )
  page.isLeaving = false
}
