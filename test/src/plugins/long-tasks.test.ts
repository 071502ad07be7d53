// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { longTasks, type LongTasksOptions } from '../../../src/plugins/long-tasks.ts'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { type Fields, stubPerformanceEntries } from '../../support/performance-entries.ts'

const increment = vi.fn<PluginContext['increment']>()
const observe = vi.fn<PluginContext['observe']>()

beforeEach(() => {
  location.href = 'https://shop.example.com/cart'
  increment.mockReset()
  observe.mockReset()
})

afterEach(() => vi.unstubAllGlobals())

const start = (options?: LongTasksOptions): unknown =>
  longTasks(options)({ increment, observe } as unknown as PluginContext)

const FRAMES = 'long-animation-frame'
const script = (sourceURL: string, duration = 60): Fields => ({ sourceURL, duration })
const OWN = script('https://shop.example.com/app.js')

it.each<[string, readonly Fields[], string]>([
  ['a script of the page', [OWN], 'self'],
  ['an inline script', [script('https://shop.example.com/cart')], 'self'],
  ['a script of another origin', [script('https://ads.example.net/ad.js')], 'ads'],
  ['a script of nobody named', [script('https://cdn.example.org/x.js')], 'other'],
  ['no script', [], 'unknown'],
  ['a script without URL', [script('')], 'unknown'],
  ['a name that is no URL', [script('app.js')], 'unknown'],
  ['several: the longest', [OWN, script('https://cdn.example.org/x.js', 61), script('', 59)], 'other'],
  ['several, the longest without URL', [OWN, script('', 61)], 'unknown'],
])('a long frame of %s', (_what, scripts, source) => {
  const entries = stubPerformanceEntries([FRAMES, 'longtask'])
  start({ hosts: { 'ads.example.net': 'ads' } })
  entries.add(FRAMES, { duration: 180, blockingDuration: 70.5, scripts })
  entries.deliver()
  expect(increment.mock.calls).toEqual([['page.long_frames', 1, { kind: 'frame', source }]])
  expect(observe.mock.calls).toEqual([['page.blocking', 0.0705, { kind: 'frame', source }]])
})

it.each([
  [250, 0.2],
  [50.5, 0.0005],
  [49, 0],
])('without long frames, a task of %d ms blocks for %d s', (duration, seconds) => {
  const entries = stubPerformanceEntries(['longtask'])
  start()
  entries.add('longtask', { duration, name: 'self' })
  entries.deliver()
  const attributes = { kind: 'task', source: 'unknown' }
  expect(increment.mock.calls).toEqual([['page.long_frames', 1, attributes]])
  expect(observe.mock.calls).toEqual([['page.blocking', seconds, attributes]])
})

it('where there are both, a task is not counted beside its frame', () => {
  const entries = stubPerformanceEntries(['longtask', FRAMES])
  start()
  entries.add('longtask', { duration: 250 })
  entries.add(FRAMES, { duration: 260, blockingDuration: 200, scripts: [] })
  entries.deliver()
  expect(observe.mock.calls).toEqual([['page.blocking', 0.2, { kind: 'frame', source: 'unknown' }]])
})

it('counts what was before the start', () => {
  const entries = stubPerformanceEntries([FRAMES])
  entries.add(FRAMES, { duration: 260, blockingDuration: 0, scripts: [OWN] })
  start()
  entries.deliver()
  expect(observe.mock.calls).toEqual([['page.blocking', 0, { kind: 'frame', source: 'self' }]])
})

it.each([[FRAMES], ['longtask']])('is silent when it was stopped: %s', (type) => {
  const entries = stubPerformanceEntries([type])
  const stop = start() as () => void
  stop()
  entries.add(type, { duration: 260, blockingDuration: 200, scripts: [] })
  entries.deliver()
  expect([increment.mock.calls, observe.mock.calls, entries.observers()]).toEqual([[], [], 0])
})

it('does nothing in a browser that knows neither', () => {
  stubPerformanceEntries(['resource'])
  expect(start()).toBeUndefined()
})
