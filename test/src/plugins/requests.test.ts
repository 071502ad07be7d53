// @vitest-environment happy-dom
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { PluginContext } from '../../../src/core/plugin.ts'
import { requests, type RequestsOptions } from '../../../src/plugins/requests.ts'
import { type Fields, type PerformanceEntries, stubPerformanceEntries } from '../../support/performance-entries.ts'

const BEACON_URL = 'https://beacon.example.net/any/path'

const observe = vi.fn<PluginContext['observe']>()
let entries: PerformanceEntries

beforeEach(() => {
  location.href = 'https://shop.example.com/cart'
  observe.mockReset()
  entries = stubPerformanceEntries(['resource'])
})

afterEach(() => vi.unstubAllGlobals())

const start = (options?: RequestsOptions): unknown =>
  requests(options)({ observe, url: BEACON_URL } as unknown as PluginContext)

const resource = (fields: Fields = {}): Fields => ({
  name: 'https://shop.example.com/api/cart',
  initiatorType: 'fetch',
  duration: 120.5,
  responseStatus: 200,
  transferSize: 0,
  ...fields,
})

const fail = (): never => {
  throw new Error('of the page')
}

/** What is recorded of one entry. */
function recorded(fields: Fields, options?: RequestsOptions): unknown[] {
  start(options)
  entries.add('resource', resource(fields))
  entries.deliver()
  return observe.mock.calls
}

const durationWith = (attributes: Fields): unknown[] => [
  ['requests.duration', 0.1205, { host: 'self', initiator: 'fetch', status: '2xx', ...attributes }],
]

it.each<[string, Fields, Fields]>([
  ['a fetch', {}, {}],
  ['an XHR', { initiatorType: 'xmlhttprequest' }, { initiator: 'xmlhttprequest' }],
  ['another origin', { name: 'https://api.example.com/' }, { host: 'other' }],
  ['a redirect that was not followed', { responseStatus: 304 }, { status: '3xx' }],
  ['a page that is not there', { responseStatus: 404 }, { status: '4xx' }],
  ['a server in trouble', { responseStatus: 503 }, { status: '5xx' }],
  ['a status that may not be known', { responseStatus: 0 }, { status: 'unknown' }],
  ['a browser that tells no status', { responseStatus: undefined }, { status: 'unknown' }],
])('%s', (_what, fields, attributes) => {
  expect(recorded(fields)).toEqual(durationWith(attributes))
})

it('the size is what came over the network, where the browser tells', () => {
  expect(recorded({ transferSize: 1_300 })).toEqual([
    ...durationWith({}),
    ['requests.size', 1_300, { host: 'self', initiator: 'fetch', status: '2xx' }],
  ])
})

it.each(['img', 'script', 'css', 'beacon', ''])('a resource of %j does not count', (initiatorType) => {
  expect(recorded({ initiatorType })).toEqual([])
})

it('other initiators count where they are asked for, and then only those', () => {
  start({ initiators: ['img'] })
  entries.add('resource', resource({ initiatorType: 'img' }), resource())
  entries.deliver()
  expect(observe.mock.calls).toEqual(durationWith({ initiator: 'img' }))
})

it('a beacon of Pharos does not count', () => {
  expect(recorded({ name: BEACON_URL })).toEqual([])
})

it.each([
  [`${BEACON_URL}s`, 1],
  ['https://shop.example.com/?next=/v1/beacon', 1],
  ['https://shop.example.com/telemetry', 0],
])('what the page wants ignored does not count: %s', (name, count) => {
  expect(recorded({ name }, { ignore: ({ pathname }) => pathname === '/telemetry' })).toHaveLength(count)
})

it('counts where the page cannot say whether to ignore', () => {
  expect(recorded({}, { ignore: fail })).toEqual(durationWith({}))
})

it('hosts are grouped by the names given', () => {
  expect(recorded({}, { hosts: { '*.example.com': 'own' } })).toEqual(durationWith({ host: 'own' }))
})

it.each<[string, () => unknown, string]>([
  ['a name', () => 'cart', 'cart'],
  ['undefined', () => undefined, 'other'],
  ['nothing', () => '', 'other'],
  ['a name of 128 characters', () => 'x'.repeat(128), 'x'.repeat(128)],
  ['a longer one', () => 'x'.repeat(129), 'other'],
  ['a control character', () => 'a\nb', 'other'],
  ['no text', () => Promise.resolve('cart'), 'other'],
  ['an error', fail, 'other'],
])('a namer that gives %s', (_what, route, wanted) => {
  expect(recorded({}, { route: route as RequestsOptions['route'] & {} })).toEqual(durationWith({ route: wanted }))
})

it('the namer gets the URL', () => {
  const name = 'https://shop.example.com/api/items/7?q=x'
  expect(recorded({ name }, { route: ({ pathname }) => pathname.replace(/\d+/, ':id') })).toEqual(
    durationWith({ route: '/api/items/:id' }),
  )
})

it('of the routes of a page the first hundred have a name', () => {
  start({ route: ({ pathname }) => pathname })
  const names = Array.from({ length: 102 }, (_, i) => `/${i % 101}`)
  entries.add('resource', ...names.map((path) => resource({ name: `https://shop.example.com${path}` })))
  entries.deliver()
  const routes = observe.mock.calls.map(([, , attributes]) => attributes?.['route'])
  expect(routes).toEqual([...names.slice(0, 100), 'other', '/0'])
})

it('counts every entry once, whatever came before the start and with the page hidden', () => {
  const when = fc.array(fc.constantFrom('add', 'deliver', 'hide'), { maxLength: 30 })
  fc.assert(
    fc.property(when, when, (before, after) => {
      observe.mockReset()
      entries = stubPerformanceEntries(['resource'])
      const act = (step: string): void => {
        if (step === 'add') entries.add('resource', resource())
        else if (step === 'deliver') entries.deliver()
        else document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      }
      before.forEach(act)
      const stop = start() as () => void
      ;[...after, 'deliver'].forEach(act)
      stop()
      const added = [...before, ...after].filter((step) => step === 'add')
      expect(observe).toHaveBeenCalledTimes(added.length)
    }),
  )
})

it('is silent when it was stopped', () => {
  const stop = start() as () => void
  stop()
  entries.add('resource', resource())
  entries.deliver()
  expect([observe.mock.calls, entries.observers()]).toEqual([[], 0])
})

it('a URL that is none costs no other entry', () => {
  start()
  entries.add('resource', resource({ name: 'no url' }), resource())
  entries.deliver()
  expect(observe).toHaveBeenCalledTimes(1)
})

it('does nothing in a browser without resource timing', () => {
  stubPerformanceEntries([])
  expect(start()).toBeUndefined()
})
