// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compactor } from '../../../src/compact/compactor.ts'
import { hold, MAX_ENTRIES, MAX_OUTBOX_BYTES } from '../../../src/core/hold.ts'
import { withStopwatch, createInstruments } from '../../../src/core/record.ts'
import type { Page } from '../../../src/core/types.ts'
import { canDeliver, openWindow, seal, sealAndLeave } from '../../../src/core/window.ts'
import { hideSilently, resetPage } from '../../support/page-events.ts'
import { batchesIn, createTestPage, entryOf, stubNetwork } from './pages.ts'

let fetched: ReturnType<typeof stubNetwork>['fetched']

beforeEach(() => {
  vi.useFakeTimers()
  resetPage()
  vi.stubGlobal('indexedDB', undefined)
  ;({ fetched } = stubNetwork())
})
afterEach(() => {
  resetPage()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const start = (changes: Partial<Page> = {}) => {
  const page = createTestPage(changes)
  return { page, ...withStopwatch(createInstruments(page)), batches: () => batchesIn(page.own) }
}

it.each<[Partial<Page>, boolean]>([
  [{}, true],
  [{ isActivated: false }, false],
  [{ consent: 'pending' }, false],
  [{ consent: false }, false],
  [{ isShut: true }, false],
])('a page that is %j delivers: %s', (changes, wanted) => {
  expect(canDeliver(createTestPage(changes))).toBe(wanted)
  const { page, increment } = start(changes)
  increment('clicks')
  seal(page)
  expect([page.own.size, page.current.dirty.length]).toEqual(wanted ? [1, 0] : [0, 1])
})

describe('a seal', () => {
  it('numbers batches from 1 and goes on', () => {
    const { page, increment, batches } = start()
    for (let i = 0; i < 3; i++) {
      increment('clicks')
      seal(page)
    }
    seal(page)
    expect(batches().map(([sequence]) => sequence)).toEqual([1, 2, 3])
  })

  it('says what was pushed out although nothing was recorded since, and pushes nothing out for it', () => {
    const { page, batches } = start()
    for (let i = 1; i <= MAX_ENTRIES + 1; i++) hold(page, [entryOf(i)])
    const { size } = page.own
    seal(page)
    seal(page)
    expect(page.own.size).toBe(size + 1)
    expect(batches().at(-1)![2]).toEqual([['pharos.dropped', 2, { reason: 'outbox_full', where: 'page' }]])
  })

  it('of nothing but drops waits while the outbox is full', () => {
    const { page, increment } = start()
    for (let i = 1; i <= MAX_ENTRIES; i++) hold(page, [entryOf(i)])
    increment('clicks', -1)
    seal(page)
    expect([page.own.size, page.current.unreported]).toEqual([MAX_ENTRIES, { bad_value: 1 }])
  })

  it.each([
    [1, undefined],
    [10, 10],
  ])('of a page with the weight %d says %s', (weight, said) => {
    const { page, increment } = start({ weight, resource: { service: 'shop' } })
    increment('clicks')
    seal(page)
    expect([...page.own][0]).toMatchObject({
      session: page.session,
      weight: said,
      resource: { service: 'shop' },
    })
  })

  it('takes what a seal that was ended has left, and does not give its number again', () => {
    const { page, increment } = start()
    page.current.sealed = [entryOf(1), entryOf(2)]
    increment('clicks')
    seal(page)
    expect([...page.own].map(({ sequence }) => sequence)).toEqual([1, 2, 3])
    expect(page.current.sealed).toEqual([])
  })
})

describe('a window', () => {
  it('ends 100 ms after its first record, by one timer', async () => {
    const { increment, batches } = start()
    for (let i = 0; i < 50; i++) increment('clicks')
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(99)
    expect(batches()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(batches().map(([, , counters]) => counters)).toEqual([[['clicks', 50]]])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends with its task in the background, where timers are slow', async () => {
    const { increment, batches } = start({ isAway: true })
    hideSilently()
    increment('ticks')
    expect([batches().length, vi.getTimerCount()]).toEqual([0, 0])
    await Promise.resolve()
    expect([batches().length, fetched.mock.calls.length]).toEqual([1, 0])
  })

  it('leaves with its task where the page was only just hidden, once', async () => {
    const { increment } = start({ isAway: true, isLeaving: true })
    hideSilently()
    increment('cls')
    increment('lcp')
    await Promise.resolve()
    increment('later')
    await Promise.resolve()
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  // Gecko alone has this property, and ends the second event of a closing tab too early.
  it.each([
    ['at the first event in Firefox', true, 1],
    ['at the second event elsewhere', false, 0],
  ])('of a page that closes leaves %s', (_, isGecko, requests) => {
    if (isGecko) vi.stubGlobal('mozInnerScreenX', 0)
    const { page, increment } = start()
    increment('clicks')
    sealAndLeave(page)
    vi.unstubAllGlobals()
    expect([page.own.size, fetched.mock.calls.length]).toEqual([1, requests])
  })

  it('waits for the event that seals it where the page is hidden and its last values have not left', async () => {
    const { increment, batches } = start()
    hideSilently()
    increment('cls')
    await Promise.resolve()
    expect([batches().length, vi.getTimerCount()]).toEqual([0, 1])
  })

  const full = (share: number, what: 'entries' | 'bytes') => {
    const count = what === 'entries' ? MAX_ENTRIES * share : 8
    const bytes = what === 'entries' ? 10 : (MAX_OUTBOX_BYTES * share) / 8
    return Array.from({ length: count }, (_, i) => entryOf(i + 1, { bytes, sealedMs: i }))
  }
  it.each([
    ['entries', 0.05, 100],
    ['entries', 0.07, 200],
    ['entries', 0.5, 25_600],
    ['entries', 1, 13_107_200],
    ['bytes', 0.05, 100],
    ['bytes', 0.07, 200],
    ['bytes', 0.5, 25_600],
    ['bytes', 1, 13_107_200],
  ] as const)('grows as the %s fill up: at %d of them it is %i ms', async (what, share, windowMs) => {
    const { page, increment } = start()
    hold(page, full(share, what))
    const before = page.sequence
    increment('clicks')
    await vi.advanceTimersByTimeAsync(windowMs - 1)
    expect(page.current.dirty).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect([page.current.dirty.length, page.sequence - before]).toEqual([0, 1])
  })

  it('grows in the background too', async () => {
    const { page, increment } = start({ isAway: true })
    hideSilently()
    hold(page, full(0.5, 'entries'))
    increment('ticks')
    await Promise.resolve()
    expect([page.current.dirty.length, vi.getTimerCount()]).toEqual([1, 1])
  })

  it.each([
    [200, 10],
    [160, 50],
  ])(
    'grows so that %i counters and %i histograms, 220 records a second, are offline for two hours without a drop',
    (counterCount, histogramCount) => {
      const { page, counter, histogram } = start({ compactor })
      const counters = Array.from({ length: counterCount }, (_, i) =>
        counter(`shop.cart.items.count_${i}`, { page: '/cart' }),
      )
      const histograms = Array.from({ length: histogramCount }, (_, i) =>
        histogram(`shop.search.duration_${i}`, { page: '/search' }),
      )
      let calls = 0
      const record = (): void => {
        const series = calls % 210
        if (series < counterCount) counters[series]!.add(1)
        else histograms[series - counterCount]!.record(Math.exp(3 * Math.sin(1.7 * calls)))
        calls++
      }
      const timers = vi.spyOn(globalThis, 'setTimeout')
      for (let elapsedMs = 0; elapsedMs < 2 * 3_600_000;) {
        record()
        const windowMs = timers.mock.lastCall![1]!
        // Of a long window, more values would be the same buckets.
        for (let rest = Math.min(0.22 * windowMs, 60_000); rest > 1; rest--) record()
        seal(page)
        elapsedMs += windowMs
      }
      expect(page.dropped).toEqual({})
      expect(page.own.size).toBeGreaterThan(100)
    },
  )
})

describe('a crowded window', () => {
  it('waits a moment for the compactor', async () => {
    const { page, increment, batches } = start()
    increment('clicks')
    page.isCrowded = true
    await vi.advanceTimersByTimeAsync(100)
    page.isCrowded = false
    increment('clicks')
    await vi.advanceTimersByTimeAsync(999)
    expect(batches()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(batches().map(([, , counters]) => counters)).toEqual([[['clicks', 2]]])
  })

  it('does not wait when the page leaves', () => {
    const { page, increment } = start({ isCrowded: true })
    increment('clicks')
    seal(page)
    expect(page.own.size).toBe(1)
  })
})

it('no window opens where nothing can be delivered', () => {
  for (const changes of [{ consent: 'pending' as const }, { isActivated: false }, { isShut: true }])
    openWindow(createTestPage(changes))
  expect(vi.getTimerCount()).toBe(0)
})
