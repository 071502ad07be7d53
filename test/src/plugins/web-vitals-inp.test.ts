// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { webVitals, type WebVitalsOptions } from '../../../src/plugins/web-vitals.ts'

// The library as far as it matters here: it looks at what it has kept when the page is hidden, in a listener on the window.
const library = vi.hoisted(() => ({
  report: undefined as ((metric: MetricType) => void) | undefined,
}))
vi.mock('web-vitals', () => {
  const silent = (): void => {}
  const onINP = (report: (metric: MetricType) => void): void => void (library.report = report)
  return { onCLS: silent, onFCP: silent, onINP, onLCP: silent, onTTFB: silent }
})

let visibility: DocumentVisibilityState
let away: AbortController
const observe = vi.fn<PluginContext['observe']>()
const observed = (): unknown[] => observe.mock.calls.map(([, value]) => value)

beforeEach(() => {
  vi.useFakeTimers()
  away = new AbortController()
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  observe.mockReset()
})

afterEach(() => {
  away.abort()
  vi.restoreAllMocks()
})

const start = (options?: WebVitalsOptions): (() => void) => {
  const stop = webVitals(options)({ observe } as unknown as PluginContext) as () => void
  vi.runAllTimers()
  return stop
}

const metric = (value: number, more: Partial<MetricType> = {}): MetricType =>
  ({ name: 'INP', id: 'v6-1', value, delta: value, rating: 'good', entries: [], ...more }) as MetricType

const tell = (value: number, more?: Partial<MetricType>): void => library.report!(metric(value, more))

const become = (state: DocumentVisibilityState): void => {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
}

/** Runs where the library has its listeners, which it adds one for each interaction that it keeps. */
const atHidden = (work: () => void): void =>
  addEventListener('visibilitychange', work, { capture: true, once: true, signal: away.signal })

it('is observed when the page is hidden, with the last value', () => {
  start()
  tell(40)
  tell(80)
  expect(observed()).toEqual([])
  become('hidden')
  expect(observe.mock.calls).toEqual([['web_vitals.inp', 0.08, { rating: 'good' }]])
})

it('is the value of an interaction that the library looks at only when the page is hidden', () => {
  start()
  atHidden(() => tell(152))
  become('hidden')
  expect(observed()).toEqual([0.152])
})

it('is the largest, whichever the library takes first when the page is hidden', () => {
  start()
  tell(48)
  atHidden(() => tell(64))
  atHidden(() => tell(304))
  become('hidden')
  expect(observed()).toEqual([0.304])
})

it('is observed also where the browser hands over its last entries after the page was hidden', () => {
  start()
  become('hidden')
  tell(16)
  expect(observed()).toEqual([0.016])
})

it('is observed before the beacon leaves', () => {
  let atLeaving: unknown[] | undefined
  const onLeaving = (): void => void (atLeaving ??= observed())
  // As the core listens: on the window and not capturing (src/core/life.ts).
  addEventListener('visibilitychange', onLeaving, { signal: away.signal })
  start()
  atHidden(() => tell(152))
  become('hidden')
  expect(atLeaving).toEqual([0.152])
})

it('is observed once, also for a page that comes back and is used on', () => {
  start()
  tell(40)
  become('hidden')
  become('visible')
  tell(400)
  become('hidden')
  tell(800)
  expect(observed()).toEqual([0.04])
})

it('is observed when a page comes back whose first interaction was after it was hidden', () => {
  start()
  become('hidden')
  become('visible')
  tell(40)
  expect(observed()).toEqual([])
  become('hidden')
  expect(observed()).toEqual([0.04])
})

it('of a page that began in the background or prerendered is observed when it is hidden', () => {
  visibility = 'hidden'
  start()
  become('visible')
  tell(40)
  expect(observed()).toEqual([])
  become('hidden')
  expect(observed()).toEqual([0.04])
})

it('is not there without an interaction, nor again for a restored page without one', () => {
  start()
  become('hidden')
  become('visible')
  tell(40)
  become('hidden')
  become('visible')
  become('hidden')
  expect(observed()).toEqual([0.04])
})

it('of a view that a soft navigation ended is observed when the next view has one', () => {
  start({ softNavigations: true })
  tell(40, { navigationType: 'navigate' })
  tell(96, { id: 'v6-2', navigationType: 'soft-navigation' })
  expect(observe.mock.calls).toEqual([['web_vitals.inp', 0.04, { rating: 'good', navigation: 'hard' }]])
  become('hidden')
  expect(observe.mock.calls.slice(1)).toEqual([['web_vitals.inp', 0.096, { rating: 'good', navigation: 'soft' }]])
})

it('of two views is observed where both are told of only when the page is hidden', () => {
  start()
  atHidden(() => {
    tell(40)
    tell(96, { id: 'v6-2' })
  })
  become('hidden')
  expect(observed()).toEqual([0.04, 0.096])
})

it('is what the attribution sees, with its entries, and whole as its delta', () => {
  const attributesOf = vi.fn<(told: MetricType) => object>(() => ({}))
  start({ attribution: () => ({ attributesOf: attributesOf as never }) })
  const told = metric(40)
  library.report!(told)
  const entries = [{ name: 'click' }] as unknown as MetricType['entries']
  // The library changes the metric that it gave before.
  library.report!(Object.assign(told, { value: 152, delta: 112, entries }))
  become('hidden')
  expect(attributesOf.mock.calls).toEqual([[metric(152, { entries } as Partial<MetricType>)]])
})

it('is not observed once the plugin was stopped', () => {
  const stop = start()
  tell(40)
  stop()
  become('hidden')
  tell(80)
  expect(observe).not.toHaveBeenCalled()
})
