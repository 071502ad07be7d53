// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { webVitals, type WebVitalsOptions } from '../../../src/plugins/web-vitals.ts'

// The library as far as it matters here.
const library = vi.hoisted(() => ({
  report: undefined as ((metric: MetricType) => void) | undefined,
}))
vi.mock('web-vitals', () => {
  const silent = (): void => {}
  const onINP = (report: (metric: MetricType) => void): void => void (library.report = report)
  return { onCLS: silent, onFCP: silent, onINP, onLCP: silent, onTTFB: silent }
})

let visibility: DocumentVisibilityState
const observe = vi.fn<PluginContext['observe']>()
const observed = (): unknown[] => observe.mock.calls.map(([, value]) => value)

beforeEach(() => {
  vi.useFakeTimers()
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  observe.mockReset()
})

afterEach(() => {
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

it('is observed when the page is hidden, with the last value', () => {
  start()
  tell(40)
  tell(80)
  expect(observed()).toEqual([])
  become('hidden')
  expect(observe.mock.calls).toEqual([['web_vitals.inp', 0.08, { rating: 'good' }]])
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
