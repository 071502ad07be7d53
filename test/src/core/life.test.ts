// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { now } from '../../../src/core/clock.ts'
import { CONFIRM_AFTER_MS } from '../../../src/core/entry.ts'
import { hold, save } from '../../../src/core/hold.ts'
import { begin, discard, erase, halt, listen, update } from '../../../src/core/life.ts'
import { transact } from '../../../src/core/storage.ts'
import type { Page } from '../../../src/core/types.ts'
import type { WireEnvelope } from '../../../src/protocol/types.ts'
import {
  activate,
  beginPrerender,
  departures,
  freezePage,
  hideSilently,
  leavePage,
  resetPage,
  setVisibility,
  showPage,
} from '../../support/page-events.ts'
import {
  createPageWithCourier,
  createTestPage,
  EDGE,
  entryOf,
  settle,
  storedAt,
  stubNetwork,
  stubStorage,
  stubTimers,
} from './pages.ts'

let network: ReturnType<typeof stubNetwork>
const pages: Page[] = []

beforeEach(() => {
  stubTimers()
  resetPage()
  stubStorage()
  network = stubNetwork()
})
afterEach(() => {
  resetPage()
  for (const page of pages.splice(0)) halt(page)
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A page that has not begun. */
const create = (changes: Partial<Page> = {}): Page => {
  const page = createTestPage({ isActivated: false, ...changes })
  delete page.startedMs
  pages.push(page)
  return page
}

const sent = (): unknown[] =>
  network.fetched.mock.calls
    .flatMap(([, { body }]) => (JSON.parse(body as string) as WireEnvelope).groups)
    .flatMap(({ batches }) => batches.flatMap(([, , counters]) => counters.map(([name]) => name)))

describe('update', () => {
  it.each<[Partial<Page>, boolean]>([
    [{}, true],
    [{ consent: 'pending' }, true],
    [{ consent: false }, false],
    [{ isShut: true }, false],
    [{ weight: 10, draw: 0.099 }, true],
    [{ weight: 10, draw: 0.1 }, false],
    [{ weight: Infinity, draw: 0 }, false],
    [{ weight: Infinity, draw: 0.5 }, false],
  ])('a page that is %j records: %s', (changes, wanted) => {
    const page = create(changes)
    update(page)
    expect(page.isOn).toBe(wanted)
  })
})

it('discard forgets what was recorded, and not what is held', () => {
  const page = create()
  hold(page, [entryOf(1, { records: 2 })])
  page.recorded = 2
  page.instruments.increment('clicks')
  page.current.sealed = [entryOf(2)]
  discard(page)
  expect([page.current, page.settled, page.own.size]).toEqual([{ dirty: [], unreported: {}, sealed: [] }, 1, 1])
})

it('halt stops plugins, timers and listeners, once', () => {
  const stop = vi.fn<() => void>()
  const page = create({ stops: [stop] })
  listen(page)
  page.isActivated = true
  halt(page)
  halt(page)
  setVisibility('hidden')
  expect([stop.mock.calls.length, page.isOn, page.isShut, sent()]).toEqual([1, false, true, []])
})

describe('erase', () => {
  it('forgets everything of this endpoint, also what other pages left', async () => {
    const page = createTestPage()
    hold(page, [entryOf(1)])
    const foreign = createTestPage()
    hold(foreign, [entryOf(1, { session: 'BBBBBBBBBBBBBBBB' })])
    const elsewhere = createTestPage({ url: 'https://other.example/v1/beacon' })
    hold(elsewhere, [entryOf(1)])
    for (const one of [page, foreign, elsewhere]) await save(one)
    page.instruments.increment('clicks')
    erase(page)
    await settle()
    expect([(await storedAt()).size, (await storedAt(elsewhere.url)).size]).toEqual([0, 1])
    expect([page.own.size, page.unsaved.size, page.current.dirty.length]).toEqual([0, 0, 0])
    expect(page.recorded).toBe(page.settled)
  })

  it('waits for the activation of a prerendered page, which may not touch the storage', async () => {
    const factory = stubStorage()
    const page = create()
    erase(page)
    await settle()
    expect([page.isErasureDue, await factory.databases()]).toEqual([true, []])
    page.isActivated = true
    begin(page)
    await settle()
    expect(page.isErasureDue).toBe(false)
    expect(await factory.databases()).toHaveLength(1)
  })
})

describe('begin', () => {
  it.each<[string, Partial<Page>]>([
    ['before the activation', {}],
    ['without consent', { isActivated: true, consent: false }],
    ['after the end', { isActivated: true, isShut: true }],
  ])('does nothing %s', async (_, changes) => {
    const plugin = vi.fn<() => void>()
    const page = create({ plugins: [plugin], ...changes })
    begin(page)
    await settle()
    expect([plugin.mock.calls, page.startedMs, vi.getTimerCount()]).toEqual([[], undefined, 0])
  })

  it('records, and neither stores nor sends, while consent is pending', async () => {
    const factory = stubStorage()
    const plugin = vi.fn<() => void>()
    const page = create({ plugins: [plugin], isActivated: true, consent: 'pending' })
    begin(page)
    await vi.advanceTimersByTimeAsync(60_000)
    await settle()
    expect([plugin.mock.calls.length, page.startedMs, await factory.databases()]).toEqual([1, undefined, []])
  })

  it('starts plugins once, with the verbs and the address, and keeps their errors from the page and from each other', () => {
    const stop = vi.fn<() => void>()
    const plugin = vi.fn<(context: unknown) => () => void>(() => stop)
    const bad = (): never => {
      throw new Error('no')
    }
    const page = create({ plugins: [bad, plugin], isActivated: true })
    begin(page)
    begin(page)
    expect(plugin.mock.calls).toEqual([[{ ...page.instruments, url: EDGE }]])
    halt(page)
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('does not start plugins of a page that is out', () => {
    const plugin = vi.fn<() => void>()
    begin(create({ plugins: [plugin], isActivated: true, isOn: false }))
    expect(plugin).not.toHaveBeenCalled()
  })

  it.each([
    ['nothing', async () => {}, 0],
    [
      'leftovers',
      async () => {
        const other = createTestPage({ session: 'BBBBBBBBBBBBBBBB' })
        hold(other, [entryOf(1, { session: 'BBBBBBBBBBBBBBBB' })])
        await save(other)
      },
      1,
    ],
    ['a state at rest', () => putState({ waitMs: 0, settings: null }), 0],
    ['a wait', () => putState({ waitMs: 60_000 }), 1],
    ['settings', () => putState({ settings: '{"enabled":false}' }), 1],
    ['something else', () => putState('junk'), 0],
  ] as const)('looks what other pages left: %s', async (_, prepare, wanted) => {
    await prepare()
    const { page } = createPageWithCourier()
    const loads = vi.fn<typeof page.loadCourier>(page.loadCourier)
    Object.assign(page, { loadCourier: loads })
    pages.push(page)
    begin(page)
    await vi.advanceTimersByTimeAsync(0)
    await settle()
    expect(loads).toHaveBeenCalledTimes(wanted)
  })

  const putState = async (state: unknown): Promise<void> => {
    await transact({ url: EDGE }, (objects) => void objects.put(state, 'pace'))
  }
})

describe('listen', () => {
  const start = (changes: Partial<Page> = {}): Page => {
    const page = create(changes)
    listen(page)
    return page
  }
  const record = (page: Page, name = 'clicks'): void => page.instruments.increment(name)

  it.each(departures(() => expect(sent()).toEqual([])))('seals and hands over when the page is %s', (_, happen) => {
    record(start())
    happen()
    expect(sent()).toEqual(['clicks'])
    expect(network.fetched).toHaveBeenCalledTimes(1)
  })

  it('hears of hiding after those that capture on the window, where web-vitals is', () => {
    const page = start()
    addEventListener('visibilitychange', () => record(page, 'late'), { capture: true, once: true })
    setVisibility('hidden')
    expect(sent()).toEqual(['late'])
  })

  it('sends the last values of a page that closes in one request: microtasks run between the listeners of an event', async () => {
    const page = start()
    leavePage()
    hideSilently()
    for (const name of ['cls', 'lcp']) {
      record(page, name)
      await Promise.resolve()
    }
    setVisibility('hidden')
    expect(network.fetched).toHaveBeenCalledTimes(1)
    expect(new Set(sent())).toEqual(new Set(['cls', 'lcp']))
  })

  it('takes what is recorded right after, at the end of the task', async () => {
    const page = start()
    setVisibility('hidden')
    record(page, 'later')
    expect(sent()).toEqual([])
    await Promise.resolve()
    expect(sent()).toEqual(['later'])
  })

  it('is a new session after the back/forward cache, and only then', () => {
    const page = start()
    const { session } = page
    hold(page, [entryOf(1)])
    showPage(false)
    expect([page.session, page.sequence]).toEqual([session, 2])
    showPage(true)
    expect(page.session).not.toBe(session)
    expect(page.sequence).toBe(1)
  })

  it('waits for the activation of a prerendered page', () => {
    beginPrerender()
    const page = start()
    record(page)
    leavePage()
    freezePage()
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    expect([page.isActivated, sent(), vi.getTimerCount()]).toEqual([false, [], 0])
    activate()
    expect(page.isActivated).toBe(true)
    setVisibility('hidden')
    expect(sent()).toEqual(['clicks'])
  })

  it('can be stopped before the activation', () => {
    beginPrerender()
    const page = start()
    halt(page)
    activate()
    expect(page.isActivated).toBe(false)
  })

  describe('wakes the courier', () => {
    const startWith = (isLoaded: boolean) => {
      const { page, courier } = createPageWithCourier()
      if (!isLoaded) delete page.courier
      pages.push(page)
      listen(page)
      return { page, courier }
    }

    it('when the network is back, and holds what the window has before', async () => {
      const { page, courier } = startWith(true)
      page.instruments.increment('clicks')
      dispatchEvent(new Event('online'))
      await vi.advanceTimersByTimeAsync(0)
      expect([page.own.size, page.current.dirty.length]).toEqual([1, 0])
      expect(courier.wake).toHaveBeenCalledTimes(1)
    })

    it.each<[string, () => void]>([
      ['the network is back', () => dispatchEvent(new Event('online'))],
      ['the page is visible again', () => setVisibility('visible')],
    ])('when %s, if anything waits that has not left', async (_, happens) => {
      for (const [waiting, times] of [
        [[], 0],
        [[entryOf(1, { leftMs: now() })], 0],
        [[entryOf(1, { leftMs: now() - CONFIRM_AFTER_MS - 1 })], 1],
        [[entryOf(1)], 1],
      ] as const) {
        const { page, courier } = startWith(false)
        hold(page, waiting)
        happens()
        // The network's return is heard after all its listeners.
        await vi.advanceTimersByTimeAsync(0)
        await settle()
        expect(courier.wake).toHaveBeenCalledTimes(times)
        halt(page)
      }
    })
  })

  it('listens to no unload, which bars the back/forward cache', () => {
    const heard = [window, document].map((target) => vi.spyOn(target, 'addEventListener'))
    start()
    const types = heard.flatMap(({ mock }) => mock.calls.map(([type]) => type))
    for (const spy of heard) spy.mockRestore()
    expect(types.sort()).toEqual(['freeze', 'online', 'pagehide', 'pageshow', 'visibilitychange'])
  })
})
