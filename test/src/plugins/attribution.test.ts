// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import type { MetricType } from 'web-vitals'
import { attribution } from '../../../src/plugins/attribution.ts'
import type { Fields } from '../../support/performance-entries.ts'

afterEach(() => vi.restoreAllMocks())

const attributed = (name: MetricType['name'], ...entries: readonly (Fields | null)[]): unknown =>
  attribution({ name, entries } as unknown as MetricType)

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

const event = (name: string, processingStart: number, processingEnd: number): Fields => ({
  name,
  startTime: 1_000,
  duration: 200,
  processingStart,
  processingEnd,
})

it.each<[string, readonly Fields[], readonly [interaction: string, subpart: string]]>([
  ['a late listener', [event('click', 1_120, 1_150)], ['pointer', 'input-delay']],
  ['a slow listener', [event('pointerup', 1_010, 1_150)], ['pointer', 'processing-duration']],
  ['a slow paint', [event('keydown', 1_010, 1_020)], ['keyboard', 'presentation-delay']],
  [
    'several listeners',
    [event('keydown', 1_060, 1_061), event('keyup', 1_150, 1_160)],
    ['keyboard', 'processing-duration'],
  ],
  ['their order', [event('click', 1_150, 1_160), event('pointerup', 1_060, 1_061)], ['pointer', 'processing-duration']],
  ['a dialog, which is not waited for', [event('click', 1_090, 9_000)], ['pointer', 'processing-duration']],
  ['an event that the rounding ends too early', [event('click', 1_203, 1_204)], ['pointer', 'input-delay']],
])('INP of %s', (_what, events, wanted) => {
  expect(Object.values(attributed('INP', ...events) as Fields)).toEqual(wanted)
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
