// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import { attribution } from '../../../src/plugins/attribution.ts'
import type { VitalsAttribution } from '../../../src/plugins/web-vitals.ts'
import { type Fields, type PerformanceEntries, stubPerformanceEntries } from '../../support/performance-entries.ts'

const PAINT = 'largest-contentful-paint'
const LATER_PAINT = 'interaction-contentful-paint'

let browser: PerformanceEntries

beforeEach(() => {
  browser = stubPerformanceEntries([PAINT, LATER_PAINT, 'event'])
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const told = (by: VitalsAttribution, name: MetricType['name'], ...entries: readonly Fields[]): unknown =>
  by.attributesOf({ name, entries } as unknown as MetricType)

/** Of entries that only web-vitals saw. */
const attributed = (name: MetricType['name'], ...entries: readonly Fields[]): unknown =>
  told(attribution(), name, ...entries)

const element = (tag: string): Element => document.createElement(tag)
const SVG_IMAGE = document.createElementNS('http://www.w3.org/2000/svg', 'image')

it.each<[string, Fields, string]>([
  ['an image', { element: element('img'), url: 'https://shop.example.com/a.png' }, 'img'],
  ['an inline image', { element: element('img'), url: '' }, 'img'],
  ['an image of SVG', { element: SVG_IMAGE, url: '/a.png' }, 'image'],
  ['a poster', { element: element('video'), url: '/poster.png' }, 'video'],
  ['a background', { element: element('div'), url: '/back.png' }, 'background'],
  ['a heading', { element: element('h1'), url: '' }, 'text'],
  ['an element of the page', { element: element('x-hero'), url: '' }, 'text'],
  ['an element that is gone', { element: null, url: '/a.png' }, 'unknown'],
])('LCP of %s', (_what, entry, wanted) => {
  expect(attributed('LCP', entry)).toEqual({ element: wanted })
})

it.each<[string, (lcp: Fields) => [type: string, entry: Fields]]>([
  ['the page', (lcp) => [PAINT, lcp]],
  ['a soft navigation', (lcp) => [LATER_PAINT, { largestContentfulPaint: lcp }]],
])('LCP of an element that %s replaced before the value was final', (_what, paintOf) => {
  const by = attribution()
  const lcp: Record<string, unknown> = { element: element('video'), url: '' }
  browser.add(...paintOf(lcp))
  browser.add(LATER_PAINT, {})
  browser.deliver()
  lcp['element'] = null
  expect(told(by, 'LCP', lcp)).toEqual({ element: 'video' })
})

const event = (name: string, processingStart: number, processingEnd: number): Fields => ({
  name,
  startTime: 1_000,
  duration: 200,
  processingStart,
  processingEnd,
})

it.each<[string, Fields, readonly [interaction: string, subpart: string]]>([
  ['a late listener', event('click', 1_120, 1_150), ['pointer', 'input-delay']],
  ['a slow listener', event('pointerup', 1_010, 1_150), ['pointer', 'processing-duration']],
  ['a slow paint', event('keydown', 1_010, 1_020), ['keyboard', 'presentation-delay']],
  ['a dialog, which is not waited for', event('click', 1_090, 9_000), ['pointer', 'processing-duration']],
  ['an event that the rounding ends too early', event('click', 1_203, 1_204), ['pointer', 'input-delay']],
])('INP of %s', (_what, entry, wanted) => {
  expect(Object.values(attributed('INP', entry) as Fields)).toEqual(wanted)
})

const QUICK = event('pointerdown', 1_010, 1_020)

it.each<[string, readonly Fields[], string]>([
  ['a slow event after it', [event('click', 1_020, 1_180)], 'processing-duration'],
  [
    'one that the rounding paints 8 ms later',
    [{ ...event('click', 1_020, 1_180), duration: 208 }],
    'processing-duration',
  ],
  [
    'one that began before it',
    [{ ...event('pointerover', 900, 1_005), startTime: 899, duration: 301 }],
    'presentation-delay',
  ],
  ['a slow event of the next frame', [{ ...event('click', 1_020, 1_180), duration: 216 }], 'presentation-delay'],
  ['many frames between', [...frames(9), event('click', 1_020, 1_180)], 'processing-duration'],
  ['too many frames between', [...frames(10), event('click', 1_020, 1_180)], 'presentation-delay'],
])('INP is of all events of its frame: %s', (_what, others, subpart) => {
  const by = attribution()
  browser.add('event', QUICK, ...others)
  browser.deliver()
  expect(told(by, 'INP', QUICK)).toEqual({ interaction: 'pointer', subpart })
})

it('observes nothing after it was stopped', () => {
  const by = attribution()
  expect(browser.observers()).toBe(3)
  by.stop!()
  expect(browser.observers()).toBe(0)
})

it('tells what it can in a browser without entries to observe', () => {
  stubPerformanceEntries([])
  expect(attributed('INP', QUICK)).toEqual({ interaction: 'pointer', subpart: 'presentation-delay' })
})

const SHIFTS = [100, 250, 450, 700].map((startTime) => ({ startTime }))
const LOADED = { domInteractive: 200, domContentLoadedEventStart: 400, domComplete: 600 }

it.each<[string, Fields | undefined, readonly string[]]>([
  ['a loaded page', LOADED, ['loading', 'dom-interactive', 'dom-content-loaded', 'complete']],
  [
    'images still to come',
    { ...LOADED, domComplete: 0 },
    ['loading', 'dom-interactive', ...twice('dom-content-loaded')],
  ],
  ['scripts still to come', { ...LOADED, domContentLoadedEventStart: 0 }, ['loading', ...thrice('dom-interactive')]],
  ['HTML still to come', { ...LOADED, domInteractive: 0 }, ['loading', ...thrice('loading')]],
  ['no navigation timing', undefined, ['complete', ...thrice('complete')]],
])('CLS by load state: %s', (_what, navigation, wanted) => {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue((navigation ? [navigation] : []) as never)
  const states = SHIFTS.map((shift) => attributed('CLS', { ...shift, value: 0.1 }))
  expect(states).toEqual(wanted.map((state) => ({ load_state: state })))
})

it('CLS is of its largest shift, the first of several', () => {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([LOADED] as never)
  const shifts = [0.1, 0.3, 0.3, 0.2].map((value, i) => ({ ...SHIFTS[i]!, value }))
  expect(attributed('CLS', ...shifts)).toEqual({ load_state: 'dom-interactive' })
})

it.each(['LCP', 'INP', 'CLS', 'FCP', 'TTFB'] as const)('%s without entries has nothing to tell', (name) => {
  expect(attributed(name)).toEqual({})
})

it.each(['FCP', 'TTFB'] as const)('%s has nothing to tell', (name) => {
  expect(attributed(name, { startTime: 1 })).toEqual({})
})

it('an element is one of six kinds, whatever the page has made of it', () => {
  const kinds = new Set(['img', 'image', 'video', 'background', 'text', 'unknown'])
  const entry = fc.record({ element: fc.option(fc.record({ localName: fc.string() })), url: fc.string() })
  fc.assert(
    fc.property(entry, (lcp) => {
      const { element: kind } = attributed('LCP', lcp) as { readonly element: string }
      expect(kinds).toContain(kind)
    }),
  )
})

function twice(state: string): string[] {
  return [state, state]
}

function thrice(state: string): string[] {
  return [state, state, state]
}

/** Events that are painted far from each other. */
function frames(count: number): Fields[] {
  return Array.from({ length: count }, (_, i) => ({ ...event('keydown', 0, 0), startTime: 2_000 + 100 * i }))
}
