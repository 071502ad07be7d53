import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONFIRM_AFTER_MS } from '../../../src/core/entry.ts'
import {
  COLLECTED_MS,
  createWorld,
  DELIVERED,
  destroyWorld,
  finish,
  hangingStore,
  later,
  leaveBehind,
  pendingOf,
  putStored,
  REFUSALS,
  requestsOf,
  settle,
  storedEntries,
  type Tab,
  type World,
} from './harness.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

/** Fails so often that the next back-off is long; then the network is back. */
const backOff = async (tab: Tab): Promise<void> => {
  world.weather = 'down'
  for (let i = 0; i < 9; i++) await finish(tab.flush())
  world.weather = 'ok'
}

describe('an ordinary page view', () => {
  it('costs one request, at the end; the next view finds nothing to send', async () => {
    const tab = world.open()
    const first = tab.add()
    await later(500)
    const second = tab.add()
    tab.leave()
    await settle()
    tab.kill()
    expect(requestsOf(world)).toEqual([['leave', second, first]])
    world.open()
    await later(CONFIRM_AFTER_MS / 2)
    expect(world.requests).toHaveLength(1)
    expect(await storedEntries()).toHaveLength(2)
  })

  it('longer than the start of a page, it still costs one request', async () => {
    const tab = world.open()
    const only = tab.add()
    await later(COLLECTED_MS + 5_000)
    expect(requestsOf(world)).toEqual([])
    tab.leave()
    expect(requestsOf(world)).toEqual([['leave', only]])
  })

  it('is confirmed with the next acknowledged flush', async () => {
    const tab = world.open()
    const first = tab.add()
    tab.leave()
    await settle()
    tab.kill()
    await later(1)
    const next = world.open()
    const second = next.add()
    await later(30_000)
    expect(requestsOf(world).at(-1)).toEqual(['flush', first, second])
    expect([await storedEntries(), next.page.acknowledged]).toEqual([[], 1])
  })

  it('that is still there hears the answer to what left, with no further request', async () => {
    const tab = world.open()
    tab.add()
    tab.leave()
    await later(CONFIRM_AFTER_MS + 60_000)
    expect(requestsOf(world).map(([via]) => via)).toEqual(['leave'])
    expect([await storedEntries(), pendingOf(tab), tab.page.acknowledged]).toEqual([[], 0, 1])
  })

  it('that lasts is flushed on the interval, and only if there is something', async () => {
    const tab = world.open()
    await later(1_500)
    const only = tab.add()
    await later(120_000)
    expect(requestsOf(world)).toEqual([['flush', only]])
    tab.leave()
    expect(world.requests).toHaveLength(1)
  })

  it('confirms what left and was not answered, hidden or not', async () => {
    const tab = world.open()
    const only = tab.add()
    world.weather = 'hangs'
    Object.assign(document, { visibilityState: 'hidden' })
    tab.leave()
    world.weather = 'ok'
    await later(61_000)
    expect(requestsOf(world)).toEqual([
      ['leave', only],
      ['flush', only],
    ])
    expect([await storedEntries(), tab.page.acknowledged]).toEqual([[], 1])
  })

  it('that closed is confirmed by another tab after two minutes, hidden or not', async () => {
    const other = world.open()
    await later(1)
    const tab = world.open()
    const only = tab.add()
    tab.leave()
    await settle()
    tab.kill()
    Object.assign(document, { visibilityState: 'hidden' })
    await other.page.loadCourier()
    await later(CONFIRM_AFTER_MS - 1_000)
    expect(requestsOf(world)).toEqual([['leave', only]])
    await later(31_000)
    expect(requestsOf(world).slice(1)).toEqual([['flush', only]])
    expect(await storedEntries()).toEqual([])
  })

  it('its own batches ride along with what others left', async () => {
    const left = await leaveBehind(world)
    const own = world.open().add()
    await later(COLLECTED_MS)
    expect(requestsOf(world)).toEqual([['flush', left, own]])
  })
})

describe('leftovers', () => {
  it('of a killed browser are sent at the start of the next visit, even if they are a moment old', async () => {
    const left = await leaveBehind(world)
    world.open()
    await later(COLLECTED_MS)
    expect(requestsOf(world)).toEqual([['flush', left]])
    expect(await storedEntries()).toEqual([])
  })

  it('are sent although the killed page held the lease', async () => {
    const left = await leaveBehind(world)
    await putStored('pace', { leasedMs: Date.now(), failures: 0, failedMs: 0, waitMs: 0 })
    await later(1)
    world.open()
    await later(COLLECTED_MS)
    expect(requestsOf(world)).toEqual([['flush', left]])
  })

  it('are sent by one of two tabs that start together', async () => {
    await leaveBehind(world)
    world.open()
    world.open()
    await later(COLLECTED_MS)
    expect(world.requests).toHaveLength(1)
  })

  it('batches of a live tab are left alone while young, and taken when overdue', async () => {
    const tab = world.open()
    await later(1)
    const other = world.open()
    await later(1)
    const only = tab.add()
    clearTimeout(tab.page.timer)
    await settle()
    await other.flush()
    await later(50_000)
    expect(requestsOf(world)).toEqual([])
    await later(60_000)
    expect(world.requests.map(({ page, batches }) => [page === other.page, ...batches])).toEqual([[true, only]])
  })

  it('stay in the outbox where a page leaves in the middle of their flush, for the next page', async () => {
    const left = await leaveBehind(world)
    const tab = world.open()
    world.weather = 'hangs'
    void tab.flush()
    await settle()
    tab.leave()
    await settle()
    tab.kill()
    expect(requestsOf(world)).toEqual([['flush', left]])
    expect(await storedEntries()).toHaveLength(1)
    world.weather = 'ok'
    await later(1)
    expect(await finish(world.open().flush())).toEqual(DELIVERED)
    expect([...world.counted]).toEqual([[left, 1]])
  })
})

describe('flush', () => {
  it('covers what was added before each call, with one request at a time', async () => {
    const tab = world.open()
    const first = tab.add()
    const both = [tab.flush(), tab.flush()]
    await settle()
    const second = tab.add()
    expect(await Promise.all([...both, tab.flush()])).toEqual([DELIVERED, DELIVERED, DELIVERED])
    expect(requestsOf(world)).toEqual([
      ['flush', first],
      ['flush', second],
    ])
    expect(tab.page.acknowledged).toBe(2)
  })

  it('of nothing is acknowledged and sends nothing', async () => {
    expect(await world.open().flush()).toEqual(DELIVERED)
    expect(requestsOf(world)).toEqual([])
  })

  it('of more than one body sends them one after the other, each within the budget', async () => {
    const tab = world.open()
    for (let i = 0; i < 30; i++) {
      tab.page.instruments.increment('clicks', 1, { i, padding: 'p'.repeat(4_000) })
      tab.add()
    }
    expect(await finish(tab.flush())).toEqual(DELIVERED)
    expect(world.requests.length).toBeGreaterThan(2)
    expect(new Set(world.requests.flatMap(({ batches }) => batches)).size).toBe(30)
    expect(tab.page.acknowledged).toBe(60)
  })

  it('what left and a flush confirms is acknowledged once', async () => {
    const tab = world.open()
    tab.add()
    tab.leave()
    await finish(tab.flush())
    await finish(tab.flush())
    expect([tab.page.acknowledged, pendingOf(tab)]).toEqual([1, 0])
  })

  it('in a storage that does not answer resolves all the same', async () => {
    const tab = world.open()
    tab.page.store = hangingStore
    tab.add()
    expect(await finish(tab.flush())).toEqual(DELIVERED)
    tab.add()
    expect(await finish(tab.flush())).toEqual(DELIVERED)
    expect([tab.page.acknowledged, pendingOf(tab)]).toEqual([2, 0])
  })

  it('tries once in back-off, where the timer waits', async () => {
    const tab = world.open()
    tab.add()
    await backOff(tab)
    const { length } = world.requests
    await later(100)
    expect(world.requests).toHaveLength(length)
    expect(await finish(tab.flush())).toEqual(DELIVERED)
  })

  it('waits for Retry-After, in every tab, and so does what leaves and is stored', async () => {
    const tab = world.open()
    tab.add()
    world.weather = { ...REFUSALS[503]!, headers: { 'retry-after': '60' } }
    expect(await tab.flush()).toEqual({ acknowledged: false, reason: 'http_503' })
    world.weather = 'ok'
    const other = world.open()
    expect(await tab.flush()).toEqual({ acknowledged: false, reason: 'paused' })
    expect(await other.flush()).toEqual(DELIVERED)
    tab.leave()
    tab.page.courier!.wake()
    await later(59_000)
    expect(world.requests).toHaveLength(1)
    await later(40_000)
    expect([pendingOf(tab), tab.page.acknowledged]).toEqual([0, 1])
  })

  it('gives up an answer that does not come', async () => {
    const tab = world.open()
    tab.add()
    world.weather = 'hangs'
    expect(await finish(tab.flush())).toEqual({ acknowledged: false, reason: 'network' })
    expect(pendingOf(tab)).toBe(1)
  })

  it('ends before its next body when the edge switches the page off', async () => {
    const tab = world.open()
    for (let i = 0; i < 10; i++) {
      tab.page.instruments.increment('clicks', 1, { i, padding: 'p'.repeat(9_000) })
      tab.add()
    }
    world.weather = { status: 204, headers: { 'pharos-settings': '{"enabled":false}' } }
    expect(await finish(tab.flush())).toEqual({ acknowledged: false, reason: 'stopped' })
    expect(world.requests).toHaveLength(1)
  })
})

describe('what a leaving page hands over', () => {
  it('is not taken for delivered where the edge was just down', async () => {
    const tab = world.open()
    tab.add()
    world.weather = 'down'
    await tab.flush()
    tab.leave()
    await settle()
    expect((await storedEntries())[0]!.leftMs).toBeUndefined()
  })

  it('is each batch once, and not what was acknowledged', async () => {
    const tab = world.open()
    const first = tab.add()
    await tab.flush()
    const second = tab.add()
    tab.leave()
    tab.leave()
    expect(requestsOf(world)).toEqual([
      ['flush', first],
      ['leave', second],
    ])
  })
})

describe('being online again', () => {
  it('sends within a second, and not twice', async () => {
    const tab = world.open()
    tab.add()
    await backOff(tab)
    const { length } = world.requests
    tab.page.courier!.wake()
    expect(world.requests).toHaveLength(length)
    await later(1_000)
    expect(world.requests).toHaveLength(length + 1)
    expect(pendingOf(tab)).toBe(0)
  })
})
