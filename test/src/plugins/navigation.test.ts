// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { navigation, type NavigationOptions } from '../../../src/plugins/navigation.ts'
import { leavePage, resetPage, showPage } from '../../support/page-events.ts'
import { type Recording, startRecording } from './recording.ts'

let recording: Recording
let entry: object | undefined

const start = (options?: NavigationOptions): Recording['records'] => {
  recording = startRecording(navigation(options))
  return recording.records
}
const views = () => recording.records.filter(([name]) => name === 'page.views').map(([, , attributes]) => attributes)
const phases = () => recording.records.filter(([name]) => name === 'page.navigation')
const setReadyState = (value: string): void =>
  void Object.defineProperty(document, 'readyState', { configurable: true, value })

beforeEach(() => {
  resetPage()
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  history.replaceState(null, '', '/')
  setReadyState('loading')
  entry = { type: 'navigate', requestStart: 10, responseStart: 30.0004, responseEnd: 40 }
  vi.spyOn(performance, 'getEntriesByType').mockImplementation(() => (entry ? [entry] : []) as never)
})
afterEach(() => {
  recording.stop()
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('page views', () => {
  it.each<[object | undefined, string]>([
    [{ type: 'navigate' }, 'navigate'],
    [{ type: 'reload' }, 'reload'],
    [{ type: 'back_forward' }, 'back-forward'],
    [{ type: 'navigate', activationStart: 120 }, 'prerender'],
    [{ type: 'navigate', activationStart: 0 }, 'navigate'],
    [undefined, 'navigate'],
  ])('the entry %o is a view of the type %s', (loaded, type) => {
    entry = loaded
    start()
    expect(views()).toEqual([{ type, route: '' }])
  })

  it('a restore is a view, a first show is none of its own', () => {
    start()
    showPage(false)
    showPage(true)
    expect(views().map((view) => view!['type'])).toEqual(['navigate', 'restore'])
  })

  it.each<[string, unknown, string]>([
    ['a name', ({ pathname }: URL) => `path:${pathname}`, 'path:/'],
    ['nothing', () => undefined, ''],
    ['no text', () => ['list'], ''],
    ['a text that is too long', () => 'x'.repeat(129), ''],
    ['a text that no backend holds', () => 'a\nb', ''],
    [
      'an error',
      () => {
        throw new Error('of the namer')
      },
      '',
    ],
    ['no function', 'cart', ''],
  ])('a namer that gives %s', (_, route, wanted) => {
    start({ route } as NavigationOptions)
    expect(views()).toEqual([{ type: 'navigate', route: wanted }])
  })

  it('names at most 100 routes', () => {
    let count = 0
    start({ route: () => `route ${count++}` })
    for (let i = 0; i < 104; i++) showPage(true)
    const routes = views().map((view) => view!['route'])
    expect(new Set(routes).size).toBe(101)
    expect(routes.filter((route) => route === 'other')).toHaveLength(5)
  })
})

describe('phases', () => {
  const WANTED = [
    ['page.navigation', 0.02, { phase: 'request' }],
    ['page.navigation', 0.01, { phase: 'response' }],
  ]

  it('are observed in the task after the load, once', () => {
    start()
    window.dispatchEvent(new Event('load'))
    expect(phases()).toEqual([])
    vi.runAllTimers()
    leavePage()
    expect(phases()).toEqual(WANTED)
  })

  it('are observed soon where the page was loaded before', () => {
    setReadyState('complete')
    start()
    vi.runAllTimers()
    expect(phases()).toEqual(WANTED)
  })

  it('are observed when the page is left before its load, and not again', () => {
    start()
    leavePage()
    expect(phases()).toEqual(WANTED)
    window.dispatchEvent(new Event('load'))
    vi.runAllTimers()
    expect(phases()).toEqual(WANTED)
  })

  it('are not observed where the browser tells nothing, nor when it was stopped', () => {
    entry = undefined
    const records = start()
    leavePage()
    expect(records).toHaveLength(1)
    entry = { requestStart: 1, responseStart: 2 }
    setReadyState('complete')
    start()
    recording.stop()
    vi.runAllTimers()
    leavePage()
    expect(phases()).toEqual([])
  })
})

/** The Navigation API as far as it is used. A key stands for an entry of the history. */
const stubNavigationApi = () => {
  const api = Object.assign(new EventTarget(), { currentEntry: { key: 'first' } })
  vi.stubGlobal('navigation', api)
  return (url: string, key: string): void => {
    history.replaceState(null, '', url)
    api.currentEntry = { key }
    api.dispatchEvent(new Event('navigatesuccess'))
  }
}
const hashRoute = ({ hash }: URL): string => hash.slice(1)

describe('route changes', () => {
  type Step = readonly [url: string, key: string]
  const same = [
    ['/', '1'],
    ['/?page=2', '2'],
    ['/#part', '3'],
  ] as const
  it.each<[string, { steps: readonly Step[]; route?: (url: URL) => string; wanted: number }]>([
    [
      'another path',
      {
        steps: [
          ['/a', '1'],
          ['/b', '2'],
        ],
        wanted: 2,
      },
    ],
    [
      'back to the first path',
      {
        steps: [
          ['/a', '1'],
          ['/', 'first'],
        ],
        wanted: 2,
      },
    ],
    ['the same path again', { steps: same, wanted: 0 }],
    ['the same path again, named', { steps: same, route: () => 'home', wanted: 0 }],
    ['a redirect: the entry is replaced', { steps: [['/login', 'first']], wanted: 0 }],
    [
      'what a redirect led to, again',
      {
        steps: [
          ['/login', 'first'],
          ['/login', '1'],
        ],
        wanted: 0,
      },
    ],
    [
      'routes in the fragment',
      {
        steps: [
          ['/#a', '1'],
          ['/#b', '2'],
          ['/#b', '3'],
        ],
        route: hashRoute,
        wanted: 2,
      },
    ],
    [
      'one name for two paths',
      {
        steps: [
          ['/item/1', '1'],
          ['/item/2', '2'],
        ],
        route: () => 'item',
        wanted: 2,
      },
    ],
  ])('%s', (_, { steps, route, wanted }) => {
    const move = stubNavigationApi()
    start(route && { route })
    for (const step of steps) move(...step)
    const types = views().map((view) => view!['type'])
    expect(types).toEqual(['navigate', ...Array.from({ length: wanted }).fill('route')])
  })

  it('are named, and end with a stop', () => {
    const move = stubNavigationApi()
    start({ route: ({ pathname }) => pathname })
    move('/a', '1')
    recording.stop()
    move('/b', '2')
    expect(views().slice(1)).toEqual([{ type: 'route', route: '/a' }])
  })
})

const pushStateNow = () => Reflect.get(history, 'pushState') as (...args: Parameters<History['pushState']>) => void

describe('without the Navigation API', () => {
  beforeEach(() => vi.stubGlobal('navigation', undefined))

  it('nothing is wrapped and no route counted unless asked', () => {
    const pushState = pushStateNow()
    start()
    expect(pushStateNow()).toBe(pushState)
    history.pushState(null, '', '/a')
    window.dispatchEvent(new Event('popstate'))
    expect(views()).toHaveLength(1)
  })

  it('pushState and popstate are counted where it is asked for, and the page has its own back after a stop', () => {
    const pushState = pushStateNow()
    start({ patchHistory: true })
    expect(pushStateNow()).not.toBe(pushState)
    history.pushState({ of: 'the page' }, '', '/a')
    expect([location.pathname, history.state]).toEqual(['/a', { of: 'the page' }])
    history.pushState(null, '', '/a')
    history.replaceState(null, '', '/')
    window.dispatchEvent(new Event('popstate'))
    expect(views()).toHaveLength(3)
    recording.stop()
    expect(pushStateNow()).toBe(pushState)
    history.pushState(null, '', '/b')
    window.dispatchEvent(new Event('popstate'))
    expect(views()).toHaveLength(3)
  })
})
