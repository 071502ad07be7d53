// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { startListening } from '../../../src/browser/listen.ts'
import { halt, listen } from '../../../src/core/life.ts'
import { createTestPage } from '../core/pages.ts'
import { leavePage, resetPage, setVisibility } from '../../support/page-events.ts'

const stops: (() => void)[] = []
afterEach(() => {
  resetPage()
  for (const stop of stops.splice(0)) stop()
  vi.unstubAllGlobals()
})

it('hears of the end of a page before the beacon seals it, though it listens later', () => {
  const log: string[] = []
  vi.stubGlobal('indexedDB', undefined)
  vi.stubGlobal('fetch', async () => new Response())
  Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: () => true })
  const page = createTestPage({ isActivated: false })
  listen(page)
  stops.push(() => halt(page))
  const hear = (what: string) => (): void => void log.push(`${what}, ${page.own.size} sealed`)
  stops.push(startListening({ pagehide: hear('pagehide'), visibilitychange: hear('hidden') }))
  page.instruments.increment('clicks')
  leavePage()
  page.instruments.increment('clicks')
  setVisibility('hidden')
  expect([...log, page.own.size]).toEqual(['pagehide, 0 sealed', 'hidden, 1 sealed', 2])
})

it('hears what does not bubble, and before the page can stop it', () => {
  const log: string[] = []
  stops.push(startListening({ error: () => log.push('error') }))
  const image = document.body.appendChild(document.createElement('img'))
  image.addEventListener('error', (event) => event.stopImmediatePropagation())
  image.dispatchEvent(new Event('error'))
  expect(log).toEqual(['error'])
})

it('keeps an error from the page and from the other listeners', () => {
  const log: string[] = []
  const listener = (): void => {
    log.push('thrown')
    throw new Error('BUG')
  }
  stops.push(startListening({ load: listener }))
  stops.push(startListening({ load: () => log.push('next'), error: () => log.push('reported') }))
  window.dispatchEvent(new Event('load'))
  expect(log).toEqual(['thrown', 'next'])
})

it('stops, on the target it was given', () => {
  const target = new EventTarget()
  let heard = 0
  const stop = startListening({ load: () => heard++ }, target)
  target.dispatchEvent(new Event('load'))
  window.dispatchEvent(new Event('load'))
  stop()
  target.dispatchEvent(new Event('load'))
  expect(heard).toBe(1)
})
