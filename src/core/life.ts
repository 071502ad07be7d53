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

/** Forgets what was recorded and is not held. */
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
  // A prerendered page may not touch the storage: later.
  page.isErasureDue = !page.isActivated
  if (page.isErasureDue) return
  // A connection that the browser has closed fails once; the next try opens a new one.
  void clear(page).then((result) => {
    if (result !== 'done') void clear(page)
  })
}

/** Looks for the batches and the send state that other pages left. Opens the storage, so that the next write need not wait for it. */
const openStorage = (page: Page): void => {
  void transact(page, (objects) => {
    // Arrays are greater than all other keys (IndexedDB, "compare two keys").
    const leftovers = objects.getAll(IDBKeyRange.lowerBound([]))
    const state = objects.get('pace')
    state.onsuccess = guard(() => {
      // Batches that the previous page left a moment ago have most likely arrived, and are no reason to load the courier.
      // An edge that is down or has asked for something is one.
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
 * visible, and then `visibilitychange`. No `unload`: it bars the back/forward cache.
 */
export const listen = (page: Page): void => {
  const listening = new AbortController()
  page.stops.push(() => listening.abort())
  const on = (target: EventTarget, type: string, work: (event: Event) => void): void =>
    target.addEventListener(type, guard(work), listening)
  const leave = (): void => {
    // Not earlier: microtasks run between the listeners of an event, and the last values of all should leave in one request.
    page.isLeaving = page.isAway = isHidden()
    sealAndLeave(page)
  }
  const wake = (): void => {
    // An outage makes a window long, and WebKit keeps nothing that a closing page writes (docs/BROWSERS.md).
    seal(page)
    if (canDeliver(page) && hasNews([...page.own], now())) askCourier(page, (courier) => courier.wake())
  }
  const activate = guard(() => {
    // On the window and not capturing: web-vitals captures there, so its last values are recorded before.
    on(window, 'visibilitychange', () => {
      if (isHidden()) leave()
      else wake()
    })
    on(window, 'pagehide', leave)
    on(document, 'freeze', leave)
    // When all listeners have run: one of them lets the courier be loaded again (load.ts).
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
