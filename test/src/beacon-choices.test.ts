// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Beacon, init } from '../../src/beacon.ts'
import type { Options } from '../../src/options.ts'
import type { WireEnvelope, WireGroup } from '../../src/protocol/types.ts'
import { activate, beginPrerender, leavePage, resetPage, setVisibility, showPage } from '../support/page-events.ts'

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const beaconed = vi.fn<(url: string, body: string) => boolean>()
const groups = (): WireGroup[] =>
  [...fetched.mock.calls.map(([, { body }]) => body as string), ...beaconed.mock.calls.map(([, body]) => body)].flatMap(
    (body) => (JSON.parse(body) as WireEnvelope).groups,
  )
const counts = (): unknown[] => groups().flatMap(({ batches }) => batches.flatMap(([, , counters]) => counters))
const requests = (): number => fetched.mock.calls.length + beaconed.mock.calls.length
const answerWith = (settings: unknown): void =>
  void fetched.mockImplementation(
    async () => new Response(null, { status: 204, headers: { 'pharos-settings': JSON.stringify(settings) } }),
  )

const beacons: Beacon[] = []
const start = (options: Options = {}): Beacon => {
  const beacon = init({ url: 'https://beacon.example/v1/beacon', ...options })
  beacons.push(beacon)
  return beacon
}

const drawing = (draw: number): void => void vi.spyOn(Math, 'random').mockReturnValue(draw)

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
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('sampling', () => {
  it('a page that is in says how many it stands for', async () => {
    drawing(0.0999)
    const beacon = start({ sampleRate: 0.1 })
    beacon.increment('clicks')
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    expect(groups()).toMatchObject([{ weight: 10 }])
    expect(counts()).toEqual([['clicks', 1]])
  })

  it('a page that is out records nothing, sends nothing and has no error', async () => {
    drawing(0.1)
    const plugin = vi.fn<() => void>()
    const beacon = start({ sampleRate: 0.1, plugins: [plugin] })
    beacon.increment('clicks')
    beacon.counter('bound').add()
    beacon.increment('bad name')
    expect(await beacon.flush()).toEqual({ acknowledged: true })
    setVisibility('hidden')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(beacon.stats()).toEqual({ recorded: 0, pending: 0, acknowledged: 0, dropped: {} })
    expect([requests(), plugin.mock.calls.length]).toEqual([0, 0])
  })

  it('decides once, for the session after the back/forward cache too', async () => {
    drawing(0.05)
    const beacon = start({ sampleRate: 0.1 })
    drawing(0.99)
    beacon.increment('clicks')
    leavePage()
    showPage(true)
    beacon.increment('clicks')
    await beacon.flush()
    expect(counts()).toHaveLength(2)
    expect(groups().map(({ weight }) => weight)).toEqual([10, 10])
  })

  it.each([undefined, 1, 0.75])('a rate of %s is nothing on the wire', async (sampleRate) => {
    drawing(0.9999)
    const beacon = start(sampleRate === undefined ? {} : { sampleRate })
    beacon.increment('clicks')
    await beacon.flush()
    expect(Object.keys(groups()[0]!)).toEqual(['session', 'resource', 'batches'])
  })

  it('a rate of 0 is nobody', async () => {
    drawing(0)
    const beacon = start({ sampleRate: 0 })
    beacon.increment('clicks')
    await beacon.flush()
    expect([beacon.stats().recorded, requests()]).toEqual([0, 0])
  })

  it('takes one in n', async () => {
    let isIn = 0
    for (let i = 0; i < 400; i++) {
      drawing(i / 400)
      const beacon = init({ sampleRate: 0.25 })
      beacon.increment('clicks')
      isIn += beacon.stats().recorded
      await beacon.shutdown()
    }
    expect(isIn).toBe(100)
  })
})

describe('consent that is pending', () => {
  const buffer = async (): Promise<Beacon> => {
    const plugin: Options['plugins'] = [({ increment }) => increment('plugin')]
    const beacon = start({ consent: 'pending', plugins: plugin, flushIntervalMs: 1_000 })
    beacon.increment('early')
    await vi.advanceTimersByTimeAsync(10_000)
    setVisibility('hidden')
    setVisibility('visible')
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    expect(requests()).toBe(0)
    expect(beacon.stats()).toMatchObject({ recorded: 2, pending: 2 })
    return beacon
  }

  it.each([true, 'granted'] as const)('then %s: what was recorded is sent', async (consent) => {
    const beacon = await buffer()
    beacon.setConsent(consent)
    await vi.advanceTimersByTimeAsync(2_100)
    expect(counts()).toEqual([
      ['plugin', 1],
      ['early', 1],
    ])
    expect(beacon.stats()).toMatchObject({ acknowledged: 2, pending: 0 })
  })

  it.each([false, 'denied', 'pending', undefined, 1])('then %s: it is erased', async (consent) => {
    const beacon = await buffer()
    beacon.setConsent(consent as never)
    beacon.increment('late')
    expect(beacon.stats()).toMatchObject({ recorded: 2, pending: 0 })
    beacon.setConsent('granted')
    await beacon.flush()
    expect(requests()).toBe(0)
  })

  it('of a page that was prerendered', async () => {
    beginPrerender()
    const beacon = start({ consent: 'pending' })
    beacon.increment('early')
    activate()
    expect(await beacon.flush()).toMatchObject({ acknowledged: false })
    beacon.setConsent('granted')
    await beacon.flush()
    expect(counts()).toEqual([['early', 1]])
  })
})

describe('what the edge says', () => {
  const send = async (beacon: Beacon, name: string): Promise<void> => {
    beacon.increment(name)
    await beacon.flush()
  }

  it('off: the page stops at once, what was acknowledged stays', async () => {
    answerWith({ enabled: false })
    const stop = vi.fn<() => void>()
    const beacon = start({ plugins: [() => stop] })
    await send(beacon, 'before')
    expect(beacon.stats()).toMatchObject({ recorded: 1, acknowledged: 1 })
    expect(stop).toHaveBeenCalledTimes(1)
    const before = requests()
    await send(beacon, 'after')
    setVisibility('hidden')
    leavePage()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(await beacon.flush()).toEqual({ acknowledged: false, reason: 'inactive' })
    beacon.setConsent(true)
    await send(beacon, 'never')
    expect([requests(), beacon.stats().recorded]).toEqual([before, 1])
  })

  it('another interval holds at once, until nothing is said any more', async () => {
    answerWith({ flushIntervalMs: 5_000 })
    const beacon = start({ flushIntervalMs: 60_000 })
    await send(beacon, 'a')
    fetched.mockImplementation(async () => new Response(null, { status: 204 }))
    beacon.increment('b')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(requests()).toBe(2)
    beacon.increment('c')
    await vi.advanceTimersByTimeAsync(50_000)
    expect(requests()).toBe(2)
    await vi.advanceTimersByTimeAsync(11_000)
    expect(requests()).toBe(3)
  })

  it('a rate is for later sessions: this one keeps its weight, the next one has it', async () => {
    drawing(0.05)
    answerWith({ sampleRate: 0.1 })
    const beacon = start({ sampleRate: 0.5 })
    await send(beacon, 'a')
    await send(beacon, 'b')
    expect(groups().map(({ weight }) => weight)).toEqual([2, 2])
    leavePage()
    showPage(true)
    await send(beacon, 'c')
    fetched.mockClear()
    answerWith({ sampleRate: 0.05 })
    await send(beacon, 'd')
    expect(groups().at(-1)).toMatchObject({ weight: 2 })
  })

  it.each(['{', 'null', '7', '[]', '"x"', '{"enabled":0,"sampleRate":"1","flushIntervalMs":1}', '{"plugins":7}'])(
    'that is wrong, as %s, changes nothing',
    async (text) => {
      vi.spyOn(console, 'warn').mockImplementation(() => {})
      const headers = { 'pharos-settings': text }
      fetched.mockImplementation(async () => new Response(null, { status: 204, headers }))
      const beacon = start({ flushIntervalMs: 5_000 })
      await send(beacon, 'a')
      expect(beacon.stats().acknowledged).toBe(1)
      beacon.increment('b')
      await vi.advanceTimersByTimeAsync(6_100)
      expect(beacon.stats()).toMatchObject({ recorded: 2, acknowledged: 2 })
    },
  )
})

describe('beforeRecord', () => {
  it('renames and drops, plugins included', async () => {
    const beacon = start({
      plugins: [({ increment }) => increment('plugin')],
      beforeRecord: (record) => record.name !== 'noise' && { ...record, name: `shop.${record.name}` },
    })
    beacon.increment('noise')
    beacon.counter('clicks').add(2)
    await beacon.flush()
    expect(counts()).toEqual([
      ['pharos.dropped', 1, { reason: 'filtered', where: 'page' }],
      ['shop.plugin', 1],
      ['shop.clicks', 2],
    ])
  })

  it('that throws is said once, debug or not', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const error = new Error('no')
    const beacon = start({
      beforeRecord: () => {
        throw error
      },
    })
    beacon.increment('a')
    beacon.increment('a')
    expect(said.mock.calls).toEqual([['pharos:', error]])
    expect(beacon.stats().recorded).toBe(2)
  })
})
