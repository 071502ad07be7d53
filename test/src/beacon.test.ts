// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Beacon, init } from '../../src/beacon.ts'
import type { Options } from '../../src/options.ts'
import type { WireEnvelope } from '../../src/protocol/types.ts'
import {
  activate,
  beginPrerender,
  freezePage,
  hideSilently,
  leavePage,
  resetPage,
  setVisibility,
  showPage,
} from '../support/page-events.ts'

const URL_ = 'https://beacon.example/v1/beacon'
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const beaconed = vi.fn<(url: string, body: string) => boolean>()
const bodies = (): WireEnvelope[] => [
  ...fetched.mock.calls.map(([, request]) => JSON.parse(request.body as string) as WireEnvelope),
  ...beaconed.mock.calls.map(([, body]) => JSON.parse(body) as WireEnvelope),
]
/** Identity to batch: what an edge would add up. */
const arrived = () =>
  new Map(
    bodies().flatMap(({ groups }) =>
      groups.flatMap(({ session, batches }) => batches.map((batch) => [`${session} ${batch[0]}`, batch])),
    ),
  )
const counts = (): unknown[] => [...arrived().values()].flatMap(([, , counters]) => counters)
const sessions = (): string[] => [...new Set(bodies().flatMap(({ groups }) => groups.map(({ session }) => session)))]
const requests = (): number => fetched.mock.calls.length + beaconed.mock.calls.length

const beacons: Beacon[] = []
const start = (options: Options = {}): Beacon => {
  const beacon = init({ url: URL_, ...options })
  beacons.push(beacon)
  return beacon
}

beforeEach(() => {
  vi.useFakeTimers()
  resetPage()
  fetched.mockReset().mockImplementation(async () => new Response(null, { status: 204 }))
  beaconed.mockReset().mockReturnValue(true)
  vi.stubGlobal('fetch', fetched)
  Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: beaconed })
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: true })
})

afterEach(async () => {
  resetPage()
  for (const beacon of beacons.splice(0)) {
    const done = beacon.shutdown()
    await vi.runOnlyPendingTimersAsync()
    await done
  }
  Reflect.deleteProperty(navigator, 'globalPrivacyControl')
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('sending', () => {
  it('flushes what was recorded, and says that it is acknowledged', async () => {
    const beacon = start({ service: 'shop', attributes: { env: 'test' } })
    beacon.increment('clicks')
    beacon.increment('clicks', 2)
    beacon.observe('size', 3, { page: '/' })
    expect(beacon.stats()).toEqual({ recorded: 3, pending: 3, acknowledged: 0, dropped: {} })
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    expect(beacon.stats()).toEqual({ recorded: 3, pending: 0, acknowledged: 3, dropped: {} })
    expect(bodies()).toHaveLength(1)
    expect(bodies()[0]).toMatchObject({
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
    fetched.mockRejectedValue(new TypeError('offline'))
    const beacon = start()
    beacon.increment('clicks')
    expect(await beacon.flush()).toMatchObject({ acknowledged: false })
    expect(beacon.stats()).toMatchObject({ pending: 1, acknowledged: 0 })
    fetched.mockImplementation(async () => new Response(null, { status: 204 }))
    expect(await beacon.flush()).toEqual({ acknowledged: true })
  })

  it('numbers batches from 1, one for each window', async () => {
    const beacon = start()
    for (let i = 0; i < 3; i++) {
      beacon.increment('clicks')
      await vi.advanceTimersByTimeAsync(101)
    }
    await beacon.flush()
    const [first] = bodies()
    expect(bodies().flatMap(({ groups }) => groups.flatMap(({ batches }) => batches.map(([n]) => n)))).toEqual([
      1, 2, 3,
    ])
    expect(first?.groups[0]?.session).toMatch(/^[\w-]{16}$/)
  })

  it('sends by itself at the interval', async () => {
    const beacon = start({ flushIntervalMs: 5_000 })
    beacon.increment('clicks')
    await vi.advanceTimersByTimeAsync(6_100)
    expect(counts()).toEqual([['clicks', 1]])
    expect(beacon.stats().acknowledged).toBe(1)
  })
})

describe('leaving', () => {
  it.each<[string, () => void]>([
    ['hidden', () => setVisibility('hidden')],
    [
      'left',
      () => {
        leavePage()
        expect(beaconed).not.toHaveBeenCalled()
        setVisibility('hidden')
      },
    ],
    [
      'left while hidden',
      () => {
        hideSilently()
        leavePage()
      },
    ],
    [
      'frozen',
      () => {
        hideSilently()
        freezePage()
      },
    ],
  ])('seals and beacons when the page is %s', (_, leave) => {
    const beacon = start()
    beacon.increment('clicks')
    leave()
    expect(beaconed).toHaveBeenCalledTimes(1)
    expect(counts()).toEqual([['clicks', 1]])
  })

  it('waits for web-vitals and its like, which record at the same event', () => {
    const beacon = start()
    addEventListener('visibilitychange', () => beacon.increment('late'), { capture: true, once: true })
    setVisibility('hidden')
    expect(counts()).toEqual([['late', 1]])
  })

  it('sends the last values of a page that closes in one beacon: microtasks run between the listeners of an event', async () => {
    const beacon = start()
    leavePage()
    hideSilently()
    beacon.increment('cls')
    await Promise.resolve()
    beacon.increment('lcp')
    await Promise.resolve()
    setVisibility('hidden')
    expect(beaconed).toHaveBeenCalledTimes(1)
    expect(counts()).toEqual([
      ['cls', 1],
      ['lcp', 1],
    ])
  })

  it('takes what is recorded right after, at the end of the task', async () => {
    const beacon = start()
    setVisibility('hidden')
    beacon.increment('later')
    expect(requests()).toBe(0)
    await Promise.resolve()
    expect(counts()).toEqual([['later', 1]])
    expect(beaconed).toHaveBeenCalledTimes(1)
  })

  it('costs one request when it is hidden and stays so', async () => {
    const beacon = start()
    addEventListener('visibilitychange', () => beacon.increment('cls'), { once: true, capture: true })
    beacon.increment('clicks')
    setVisibility('hidden')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(requests()).toBe(1)
    expect(counts().length).toBe(2)
  })

  it('counts a beacon that is followed by an acknowledged flush once', async () => {
    const beacon = start()
    beacon.increment('clicks')
    setVisibility('hidden')
    setVisibility('visible')
    await beacon.flush()
    expect(requests()).toBe(2)
    expect(counts()).toEqual([['clicks', 1]])
  })

  it('delivers what is recorded in a page that stays hidden, one request an interval', async () => {
    const beacon = start({ flushIntervalMs: 10_000 })
    setVisibility('hidden')
    for (let i = 0; i < 60; i++) {
      beacon.increment('ticks')
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(requests()).toBeLessThanOrEqual(9)
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
    expect(sessions()).toHaveLength(2)
    expect([...arrived().keys()].map((key) => key.slice(-2))).toEqual([' 1', ' 1'])
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
    expect([requests(), vi.getTimerCount(), plugin.mock.calls.length]).toEqual([0, 0, 0])
    activate()
    expect(plugin).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(counts()).toEqual([['clicks', 1]])
  })
})

describe('consent', () => {
  it('withdrawn: nothing is recorded or sent, what is buffered is gone', async () => {
    fetched.mockRejectedValue(new TypeError('offline'))
    const beacon = start()
    beacon.increment('sealed')
    await beacon.flush()
    fetched.mockClear()
    beacon.increment('pending')
    beacon.setConsent(false)
    beacon.increment('refused')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(requests()).toBe(0)
    expect(beacon.stats().pending).toBe(0)
  })

  it('given again: records from then on', async () => {
    const beacon = start({ consent: false })
    beacon.increment('before')
    beacon.setConsent(true)
    beacon.increment('after')
    await beacon.flush()
    expect(counts()).toEqual([['after', 1]])
  })

  it.each([
    [undefined, []],
    [true, [['clicks', 1]]],
  ])('Global Privacy Control with the option consent %s', async (consent, wanted) => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true })
    const plugin = vi.fn<() => void>()
    const beacon = start({ plugins: [plugin], ...(consent && { consent }) })
    beacon.increment('clicks')
    await beacon.flush()
    leavePage()
    expect(counts()).toEqual(wanted)
    expect(plugin).toHaveBeenCalledTimes(wanted.length)
  })

  it('begins plugins with the consent, once', () => {
    const plugin = vi.fn<() => void>()
    const beacon = start({ consent: false, plugins: [plugin] })
    expect(plugin).not.toHaveBeenCalled()
    beacon.setConsent(true)
    beacon.setConsent(false)
    beacon.setConsent(true)
    expect(plugin).toHaveBeenCalledTimes(1)
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
    expect(counts()).toEqual([['clicks', 1]])
    const before = requests()
    beacon.setConsent(true)
    beacon.increment('clicks')
    leavePage()
    setVisibility('hidden')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect([requests(), vi.getTimerCount()]).toEqual([before, 0])
  })
})

describe('a page that is in the way', () => {
  it.each<[string, () => void]>([
    ['no fetch', () => vi.stubGlobal('fetch', undefined)],
    ['no sendBeacon', () => Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: undefined })],
    ['no crypto', () => vi.stubGlobal('crypto', undefined)],
    [
      'a sendBeacon that throws',
      () =>
        beaconed.mockImplementation(() => {
          throw new Error('no')
        }),
    ],
    [
      'a fetch that throws',
      () =>
        fetched.mockImplementation(() => {
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

  it('says what was dropped once, with debug only', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    start().increment('a b')
    expect(said).not.toHaveBeenCalled()
    const beacon = start({ debug: true })
    beacon.increment('a b')
    beacon.increment('c d')
    expect(said.mock.calls).toEqual([['pharos:', 'dropped (bad_name):', 'a b']])
    expect(beacon.stats().dropped).toEqual({ bad_name: 2 })
  })

  it('does nothing on a server', async () => {
    vi.stubGlobal('document', undefined)
    const beacon = init({ url: URL_ })
    beacon.increment('clicks')
    beacon.setConsent(true)
    expect(await beacon.flush()).toMatchObject({ acknowledged: false })
    expect(beacon.stats().recorded).toBe(0)
    await beacon.shutdown()
    vi.unstubAllGlobals()
  })
})
