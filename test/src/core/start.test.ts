// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { init } from '../../../src/init.ts'
import {
  activate,
  beginPrerender,
  departures,
  hideSilently,
  leavePage,
  setVisibility,
  showPage,
} from '../../support/page-events.ts'
import { EDGE } from './pages.ts'
import { answer, openPage } from './starting.ts'

let page: ReturnType<typeof openPage>
const start: typeof page.start = (...args) => page.start(...args)

beforeEach(() => void (page = openPage()))
afterEach(() => page.close())

describe('sending', () => {
  it('flushes what was recorded, and says that it is acknowledged', async () => {
    const beacon = start({ service: 'shop', attributes: { env: 'test' } })
    beacon.increment('clicks')
    beacon.increment('clicks', 2)
    beacon.observe('size', 3, { page: '/' })
    expect(beacon.stats()).toEqual({ recorded: 3, pending: 3, acknowledged: 0, dropped: {} })
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    expect(beacon.stats()).toEqual({ recorded: 3, pending: 0, acknowledged: 3, dropped: {} })
    expect(page.bodies()).toHaveLength(1)
    expect(page.bodies()[0]).toMatchObject({
      v: 1,
      groups: [
        {
          resource: { service: 'shop', attributes: { env: 'test' } },
          batches: [[1, expect.any(Number), [['clicks', 3]], [['size', 3, { page: '/' }]]]],
        },
      ],
    })
  })

  it('says when it is not acknowledged, and keeps it', async () => {
    page.fetched.mockRejectedValue(new TypeError('offline'))
    const beacon = start()
    beacon.increment('clicks')
    expect(await beacon.flush()).toMatchObject({ acknowledged: false })
    expect(beacon.stats()).toMatchObject({ pending: 1, acknowledged: 0 })
    page.fetched.mockImplementation(async () => answer())
    expect(await beacon.flush()).toEqual({ acknowledged: true })
  })

  it('numbers batches from 1, one for each window', async () => {
    const beacon = start()
    for (let i = 0; i < 3; i++) {
      beacon.increment('clicks')
      await vi.advanceTimersByTimeAsync(101)
    }
    await beacon.flush()
    const [first] = page.bodies()
    expect(page.bodies().flatMap(({ groups }) => groups.flatMap(({ batches }) => batches.map(([n]) => n)))).toEqual([
      1, 2, 3,
    ])
    expect(first?.groups[0]?.session).toMatch(/^[0-9a-z]{16}$/)
  })

  it('sends by itself at the interval', async () => {
    const beacon = start({ flushIntervalMs: 5_000 })
    beacon.increment('clicks')
    await vi.advanceTimersByTimeAsync(6_100)
    expect(page.counts()).toEqual([['clicks', 1]])
    expect(beacon.stats().acknowledged).toBe(1)
  })
})

describe('leaving', () => {
  it.each(departures(() => expect(page.fetched).not.toHaveBeenCalled()))(
    'seals and hands over when the page is %s',
    (_, leave) => {
      const beacon = start()
      beacon.increment('clicks')
      leave()
      expect(page.fetched).toHaveBeenCalledTimes(1)
      expect(page.counts()).toEqual([['clicks', 1]])
    },
  )

  it('waits for web-vitals and its like, which record at the same event', () => {
    const beacon = start()
    addEventListener('visibilitychange', () => beacon.increment('late'), { capture: true, once: true })
    setVisibility('hidden')
    expect(page.counts()).toEqual([['late', 1]])
  })

  it('sends the last values of a page that closes in one request: microtasks run between the listeners of an event', async () => {
    const beacon = start()
    leavePage()
    hideSilently()
    beacon.increment('cls')
    await Promise.resolve()
    beacon.increment('lcp')
    await Promise.resolve()
    setVisibility('hidden')
    expect(page.fetched).toHaveBeenCalledTimes(1)
    expect(page.counts()).toEqual([
      ['cls', 1],
      ['lcp', 1],
    ])
  })

  it('takes what is recorded right after, at the end of the task', async () => {
    const beacon = start()
    setVisibility('hidden')
    beacon.increment('later')
    expect(page.requests()).toBe(0)
    await Promise.resolve()
    expect(page.counts()).toEqual([['later', 1]])
    expect(page.fetched).toHaveBeenCalledTimes(1)
  })

  it('costs one request when it is hidden and stays so', async () => {
    const beacon = start()
    addEventListener('visibilitychange', () => beacon.increment('cls'), { once: true, capture: true })
    beacon.increment('clicks')
    setVisibility('hidden')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(page.requests()).toBe(1)
    expect(page.counts().length).toBe(2)
  })

  it('counts a beacon that is followed by an acknowledged flush once', async () => {
    const beacon = start()
    beacon.increment('clicks')
    setVisibility('hidden')
    setVisibility('visible')
    await beacon.flush()
    expect(page.requests()).toBe(2)
    expect(page.counts()).toEqual([['clicks', 1]])
  })

  it('delivers what is recorded in a page that stays hidden, one request an interval', async () => {
    const beacon = start({ flushIntervalMs: 10_000 })
    setVisibility('hidden')
    for (let i = 0; i < 60; i++) {
      beacon.increment('ticks')
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(page.requests()).toBeLessThanOrEqual(9)
    expect(beacon.stats().acknowledged).toBeGreaterThan(45)
    expect(beacon.stats().pending).toBeLessThan(12)
  })

  it('is a new session after the back/forward cache', async () => {
    const beacon = start()
    beacon.increment('clicks')
    leavePage()
    showPage(true)
    beacon.increment('clicks')
    await beacon.flush()
    expect(page.sessions()).toHaveLength(2)
    expect([...page.arrived().keys()].map((key) => key.slice(-2))).toEqual([' 1', ' 1'])
    expect(beacon.stats()).toMatchObject({ recorded: 2, acknowledged: 2 })
  })
})

describe('prerendering', () => {
  it('nothing is sealed, sent or begun before the activation', async () => {
    beginPrerender()
    const plugin = vi.fn<() => void>()
    const beacon = start({ plugins: [plugin], flushIntervalMs: 1_000 })
    beacon.increment('clicks')
    leavePage()
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect([page.requests(), vi.getTimerCount(), plugin.mock.calls.length]).toEqual([0, 0, 0])
    activate()
    expect(plugin).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(page.counts()).toEqual([['clicks', 1]])
  })
})

describe('shutdown', () => {
  it('sends, stops, and stays stopped', async () => {
    const stop = vi.fn<() => void>()
    const beacon = start({ plugins: [() => stop] })
    const clicks = beacon.counter('clicks')
    clicks.add()
    const done = beacon.shutdown()
    clicks.add()
    await done
    await beacon.shutdown()
    expect(stop).toHaveBeenCalledTimes(1)
    expect(page.counts()).toEqual([['clicks', 1]])
    const before = page.requests()
    beacon.setConsent(true)
    beacon.increment('clicks')
    leavePage()
    setVisibility('hidden')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect([page.requests(), vi.getTimerCount()]).toEqual([before, 0])
  })
})

it('shutdown on its way still hands over what it has where the page leaves', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>()
  page.fetched.mockImplementation(() => promise.then((response) => response.clone()))
  const beacon = start()
  beacon.increment('clicks')
  const done = beacon.shutdown()
  setVisibility('hidden')
  expect(page.counts()).toEqual([['clicks', 1]])
  resolve(answer())
  await done
})

describe('a page that is in the way', () => {
  it.each<[string, () => void]>([
    ['no fetch', () => vi.stubGlobal('fetch', undefined)],
    ['no sendBeacon', () => Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: undefined })],
    ['no crypto', () => vi.stubGlobal('crypto', undefined)],
    [
      'a sendBeacon that throws',
      () =>
        page.beaconed.mockImplementation(() => {
          throw new Error('no')
        }),
    ],
    [
      'a fetch that throws',
      () =>
        page.fetched.mockImplementation(() => {
          throw new Error('no')
        }),
    ],
    [
      'a setTimeout that throws',
      () =>
        vi.stubGlobal('setTimeout', () => {
          throw new Error('no')
        }),
    ],
    [
      'an IndexedDB that throws',
      () =>
        vi.stubGlobal('indexedDB', {
          open: () => {
            throw new Error('no')
          },
        }),
    ],
    ['a plugin that throws', () => {}],
  ])('%s: nothing is thrown', async (_, breakIt) => {
    breakIt()
    const beacon = start({
      plugins: [
        () => {
          throw new Error('no')
        },
      ],
    })
    beacon.increment('clicks')
    setVisibility('hidden')
    beacon.increment('clicks')
    await Promise.resolve()
    leavePage()
    expect(beacon.stats().recorded).toBe(2)
  })

  it('does nothing on a server', async () => {
    const { document } = globalThis
    vi.stubGlobal('document', undefined)
    const beacon = init({ url: EDGE })
    beacon.increment('clicks')
    beacon.setConsent(true)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(beacon.stats().recorded).toBe(0)
    await beacon.shutdown()
    vi.stubGlobal('document', document)
  })
})
