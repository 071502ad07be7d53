// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { createGuard } from '../../../src/browser/guard.ts'
import { startLifecycle } from '../../../src/browser/lifecycle.ts'
import { startListening } from '../../../src/browser/listen.ts'
import { leavePage, resetPage, setVisibility } from '../../support/page-events.ts'

const stops: (() => void)[] = []
afterEach(() => {
  resetPage()
  for (const stop of stops.splice(0)) stop()
})

it('hears of the end of a page before the beacon seals it, though it listens later', () => {
  const log: string[] = []
  const onLeaving = (): void => void log.push('sealed')
  const nothing = (): void => {}
  stops.push(startLifecycle({ onLeaving, onActivated: nothing, onRestored: nothing }, createGuard(nothing)))
  stops.push(startListening({ pagehide: () => log.push('pagehide'), visibilitychange: () => log.push('hidden') }))
  leavePage()
  setVisibility('hidden')
  expect(log).toEqual(['pagehide', 'sealed', 'hidden', 'sealed'])
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
