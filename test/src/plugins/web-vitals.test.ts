// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { type VitalsAttribution, webVitals, type WebVitalsOptions } from '../../../src/plugins/web-vitals.ts'

// A DOM without a browser has no paints, shifts or interactions: what web-vitals says of real ones is for a real browser.
const listeners = vi.hoisted(() => new Map<string, (metric: MetricType) => void>())
const optionsGiven = vi.hoisted(() => new Map<string, unknown>())
vi.mock('web-vitals', () => {
  const listen = (name: string) => (report: (metric: MetricType) => void, options: unknown) => {
    listeners.set(name, report)
    optionsGiven.set(name, options)
  }
  return {
    onCLS: listen('CLS'),
    onFCP: listen('FCP'),
    onINP: listen('INP'),
    onLCP: listen('LCP'),
    onTTFB: listen('TTFB'),
  }
})

const report = (name: MetricType['name'], value: number, more: Partial<MetricType> = {}): void =>
  listeners.get(name)!({ name, value, id: `v6-${name}`, rating: 'good', ...more } as MetricType)

const observe = vi.fn<PluginContext['observe']>()
const begin = (options?: WebVitalsOptions) => webVitals(options)({ observe } as unknown as PluginContext) as () => void
const start = (options?: WebVitalsOptions): (() => void) => {
  const stop = begin(options)
  vi.runAllTimers()
  return stop
}

beforeEach(() => {
  vi.useFakeTimers()
  observe.mockReset()
  listeners.clear()
})

it('asks for each metric in a task of its own', () => {
  const scheduling = vi.spyOn(globalThis, 'setTimeout')
  begin()
  const asked = scheduling.mock.calls.map(([task]) => {
    const { size } = listeners
    task()
    return size
  })
  scheduling.mockRestore()
  expect([asked, listeners.size]).toEqual([[0, 1, 2, 3, 4], 5])
})

it.each<[MetricType['name'], number, number]>([
  ['LCP', 2_500, 2.5],
  ['FCP', 1_234.5, 1.2345],
  ['TTFB', 0, 0],
  ['CLS', 0.1, 0.1],
])('%s of %d is an observation of %d', (name, value, wanted) => {
  start()
  report(name, value)
  expect(observe.mock.calls).toEqual([[`web_vitals.${name.toLowerCase()}`, wanted, { rating: 'good' }]])
})

it('observes each metric of each page view once', () => {
  start()
  report('CLS', 0.1)
  report('CLS', 0.3)
  report('CLS', 0.2, { id: 'v6-after-restore' })
  expect(observe.mock.calls.map(([, value]) => value)).toEqual([0.1, 0.2])
})

it('is silent when it was stopped', () => {
  start()()
  report('LCP', 1)
  expect(observe).not.toHaveBeenCalled()
})

it.each([true, false, undefined])('asks web-vitals for soft navigations: %s', (softNavigations) => {
  start(softNavigations === undefined ? {} : { softNavigations })
  const wanted = { reportSoftNavs: softNavigations === true }
  expect(Object.fromEntries(optionsGiven)).toEqual({
    LCP: wanted,
    INP: { ...wanted, reportAllChanges: true },
    CLS: wanted,
    FCP: wanted,
    TTFB: wanted,
  })
})

it('with soft navigations, tells which kind each value is of', () => {
  start({ softNavigations: true })
  report('LCP', 1_000, { navigationType: 'navigate' })
  report('LCP', 100, { navigationType: 'soft-navigation', id: 'v6-soft' })
  report('LCP', 10, { navigationType: 'back-forward-cache', id: 'v6-restored' })
  expect(observe.mock.calls.map(([, value, attributes]) => [value, attributes])).toEqual([
    [1, { rating: 'good', navigation: 'hard' }],
    [0.1, { rating: 'good', navigation: 'soft' }],
    [0.01, { rating: 'good', navigation: 'hard' }],
  ])
})

it('adds what the attribution makes of each metric', () => {
  start({ attribution: () => ({ attributesOf: ({ name, value }) => ({ what: `${name} ${value}` }) }) })
  report('LCP', 2_000)
  report('TTFB', 7)
  expect(observe.mock.calls.map(([, , attributes]) => attributes)).toEqual([
    { rating: 'good', what: 'LCP 2000' },
    { rating: 'good', what: 'TTFB 7' },
  ])
})

const fail = (): never => {
  throw new Error('of the page')
}

it.each([
  ['at its start', fail],
  ['at a value', () => ({ attributesOf: fail })],
])('counts without an attribution that throws %s', (_when, attribution) => {
  start({ attribution })
  report('LCP', 2_000)
  expect(observe.mock.calls).toEqual([['web_vitals.lcp', 2, { rating: 'good' }]])
})

it('begins the attribution once, before it listens, and stops it', () => {
  const stop = vi.fn<() => void>()
  const attribution = vi.fn<() => VitalsAttribution>(() => {
    expect(listeners.size).toBe(0)
    return { attributesOf: () => ({}), stop }
  })
  listeners.clear()
  const stopVitals = start({ attribution })
  expect([attribution.mock.calls.length, listeners.size, stop.mock.calls.length]).toEqual([1, 5, 0])
  stopVitals()
  expect(stop).toHaveBeenCalledTimes(1)
})
