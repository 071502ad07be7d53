// The life of a page: when it begins, leaves and ends, and what consent means to it.
import { checkPluginResult } from '../check/index.ts'
import { now } from './clock.ts'
import { hasNews, totalOf } from './entry.ts'
import { guard } from './guard.ts'
import { save } from './hold.ts'
import { isHidden } from './is-hidden.ts'
import { askCourier } from './load.ts'
import { createWindow } from './record.ts'
import { createSession } from './session.ts'
import { transact } from './storage.ts'
import { speak } from './speak.ts'
import { startTimer } from './timer.ts'
import type { Page } from './types.ts'
import { canDeliver, openWindow, seal, sealAndLeave } from './window.ts'

/** Switches the recorder. */
export const update = (page: Page): void => {
  page.isOn = !!page.consent && page.draw * page.weight < 1 && !page.isShut
}

/** Forgets the records that no batch holds yet. */
export const discard = (page: Page): void => {
  page.current = createWindow([])
  page.settled = page.recorded - totalOf('records', [...page.own])
}

/** Stops for good. */
export const halt = (page: Page): void => {
  page.isShut = true
  update(page)
  clearInterval(page.timer)
  for (const stop of page.stops.splice(0)) stop()
}

/** Empties the outbox. */
const clear = (page: Page) => transact(page, (objects) => void objects.clear())

/** Erases everything buffered, in memory and in the outbox. */
export const erase = (page: Page): void => {
  page.own = new Set()
  page.unsaved = new Set()
  discard(page)
  clearInterval(page.timer)
  // A prerendered page may not touch the storage, so it erases when it is activated.
  page.isErasureDue = !page.isActivated
  if (page.isErasureDue) return
  // A connection that the browser has closed fails once; the next try opens a new one.
  void clear(page).then((result) => (result === 'done' ? result : clear(page)))
}

/** Looks for the batches and the send state that other pages left. Opens the storage, so that the next write need not wait for it. */
const openStorage = (page: Page): void => {
  void transact(page, (objects) => {
    // Arrays are greater than all other keys (https://w3c.github.io/IndexedDB/#compare-two-keys).
    const leftovers = objects.getAll(IDBKeyRange.lowerBound([]))
    const state = objects.get('pace')
    state.onsuccess = guard(() => {
      // Batches that the previous page left a moment ago have most likely arrived, so the courier is not loaded for them. It is loaded
      // when the edge was down, or asked pages to wait or to change their settings.
      if (hasNews(leftovers.result, now()) || state.result?.waitMs || state.result?.settings)
        askCourier(page, (courier) => courier.collect())
    })
  })
}

/** Starts what consent and the page's activation allow. */
export const begin = (page: Page): void => {
  if (page.isErasureDue) erase(page)
  if (!page.isActivated || !page.consent || page.isShut) return
  page.isAway = isHidden()
  if (canDeliver(page)) {
    page.startedMs = now()
    // In a task of its own, so that none is long: the first batch is sealed much later.
    setTimeout(guard(() => openStorage(page)))
    void save(page)
    startTimer(page, page.intervalMs)
  }
  openWindow(page)
  if (page.isOn)
    page.plugins.splice(0).forEach(
      guard((plugin, index) => {
        const stop = plugin({ ...page.instruments, url: page.url })
        checkPluginResult({ index, plugin, returned: stop }, speak)
        if (stop) page.stops.push(guard(stop))
      }),
    )
}

/**
 * Listens to the events of a page's life until it stops. A visible page that closes or is navigated has `pagehide` first, still
 * visible, and then `visibilitychange` (https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document). `unload`
 * would keep the page out of the back/forward cache (https://web.dev/articles/bfcache#never-use-the-unload-event).
 */
export const listen = (page: Page): void => {
  const listening = new AbortController()
  page.stops.push(() => listening.abort())
  const on = (target: EventTarget, type: string, work: (event: Event) => void): void =>
    target.addEventListener(type, guard(work), listening)
  const leave = (): void => {
    // Set here and not earlier: microtasks run between the listeners of an event
    // (https://html.spec.whatwg.org/multipage/webappapis.html#clean-up-after-running-script), and the last values of all listeners should leave
    // in one request.
    page.isLeaving = page.isAway = isHidden()
    sealAndLeave(page)
  }
  const wake = (): void => {
    // During an outage a window is long, and WebKit keeps no write of a closing page (docs/BROWSERS.md#differences, 2).
    seal(page)
    if (canDeliver(page) && hasNews([...page.own], now())) askCourier(page, (courier) => courier.wake())
  }
  const activate = guard(() => {
    // web-vitals listens on the window in the capture phase, so it records its last values before this listener runs.
    on(window, 'visibilitychange', () => {
      if (isHidden()) leave()
      else wake()
    })
    on(window, 'pagehide', leave)
    on(document, 'freeze', leave)
    // In a task of its own, after all listeners: one of them lets the courier be loaded again (load.ts).
    on(window, 'online', () => void setTimeout(guard(wake)))
    on(window, 'pageshow', (event) => {
      if (!(event as PageTransitionEvent).persisted) return
      page.session = createSession()
      page.sequence = 1
    })
    page.isActivated = true
    begin(page)
  })
  if ((document as { readonly prerendering?: boolean }).prerendering) on(document, 'prerenderingchange', activate)
  else activate()
}
