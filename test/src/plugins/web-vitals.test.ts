// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import type { PluginContext } from '../../../src/plugins/plugin.ts'
import { webVitals } from '../../../src/plugins/web-vitals.ts'

// A DOM without a browser has no paints, shifts or interactions: what web-vitals says of real ones is for a real browser.
const listeners = vi.hoisted(() => new Map<string, (metric: MetricType) => void>())
vi.mock('web-vitals', () => {
  const listen = (name: string) => (report: (metric: MetricType) => void) => void listeners.set(name, report)
  return {
    onCLS: listen('CLS'),
    onFCP: listen('FCP'),
    onINP: listen('INP'),
    onLCP: listen('LCP'),
    onTTFB: listen('TTFB'),
  }
})

const report = (name: MetricType['name'], value: number, id = `v6-${name}`): void =>
  listeners.get(name)!({ name, value, id, rating: 'good' } as MetricType)

const observe = vi.fn<PluginContext['observe']>()
const start = () => webVitals()({ observe } as unknown as PluginContext) as () => void

beforeEach(() => observe.mockReset())

it.each<[MetricType['name'], number, number]>([
  ['LCP', 2_500, 2.5],
  ['INP', 40, 0.04],
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
  report('CLS', 0.2, 'v6-after-restore')
  expect(observe.mock.calls.map(([, value]) => value)).toEqual([0.1, 0.2])
})

it('is silent when it was stopped', () => {
  start()()
  report('LCP', 1)
  expect(observe).not.toHaveBeenCalled()
})
