import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MAX_ENTRIES } from '../../../src/core/hold.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import {
  COLLECTED_MS,
  createWorld,
  DELIVERED,
  destroyWorld,
  finish,
  hangingStore,
  later,
  leaveBehind,
  settle,
  storedEntries,
  type World,
} from './harness.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

describe('what cannot be kept', () => {
  it('over the number: the oldest go, counted, from memory and outbox', async () => {
    const tab = world.open()
    for (let i = 0; i < MAX_ENTRIES + 3; i++) tab.add()
    await settle()
    expect([tab.page.dropped, tab.page.own.size, (await storedEntries()).length]).toEqual([
      { outbox_full: 4 },
      MAX_ENTRIES - 1,
      MAX_ENTRIES - 1,
    ])
  })

  it('over the age: dropped by the next page that looks, once', async () => {
    await leaveBehind(world)
    await later(RETENTION_MS + 1)
    const next = [world.open(), world.open()]
    await later(COLLECTED_MS)
    expect(next.map(({ page }) => page.dropped)).toEqual([{ expired: 1 }, {}])
    expect(world.requests).toEqual([])
    // What was dropped is said by a batch of its own.
    expect((await storedEntries()).map(({ records, drops }) => [records, drops])).toEqual([[0, { expired: 1 }]])
  })

  it('over the age, but sent by a page that closed: it is in doubt, and says no drop twice', async () => {
    const tab = world.open()
    tab.page.current.unreported.bad_name = 2
    tab.add()
    await settle()
    tab.leave()
    tab.kill()
    await settle()
    await later(RETENTION_MS + 1)
    const next = world.open()
    next.add()
    await next.flush()
    await next.flush()
    expect(next.page.dropped).toEqual({ in_doubt: 1 })
    expect(world.reported()).toEqual({ bad_name: 2, in_doubt: 1 })
    expect(await storedEntries()).toEqual([])
  })

  it('where there is no storage at all, everything goes on in memory', async () => {
    const opening = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('no', 'SecurityError')
    })
    const tab = world.open()
    tab.add()
    await later(30_000)
    expect([world.requests.length, tab.page.acknowledged]).toEqual([1, 1])
    opening.mockRestore()
    tab.add()
    world.weather = 'down'
    await tab.flush()
    await settle()
    expect([(await storedEntries()).length, tab.page.dropped]).toEqual([1, {}])
  })
})

describe('the memory of a page', () => {
  it.each([
    ['hangs', hangingStore],
    ['fails', () => Promise.reject(new DOMException('no', 'UnknownError'))],
  ] as const)('holds nothing of what is acknowledged where the storage %s', async (_, store) => {
    const tab = world.open()
    for (let i = 0; i < 20; i++) {
      tab.page.store = store
      tab.add()
      await finish(tab.flush())
    }
    expect([tab.page.acknowledged, tab.page.own.size]).toEqual([20, 0])
    // A storage that hangs has deleted none of it: how much of that is kept is bounded (src/core/hold.ts).
    expect(tab.page.unsaved.size).toBeLessThanOrEqual(20)
  })

  it('holds no answer that was heard', async () => {
    const tab = world.open()
    for (let i = 0; i < 10; i++) {
      tab.add()
      tab.leave()
    }
    await later(60_000)
    expect([tab.page.answers.length, tab.page.own.size, tab.page.unsaved.size]).toEqual([0, 0, 0])
  })

  it('holds no copy of what other tabs have', async () => {
    const busy = world.open()
    await later(1)
    const idle = world.open()
    await idle.flush()
    for (let i = 0; i < 50; i++) busy.add()
    await idle.flush()
    await settle()
    expect([idle.page.own.size, idle.page.unsaved.size]).toEqual([0, 0])
  })
})

describe('a clock that jumps by four days while the page is open', () => {
  it.each([4, -4])('%i days: nothing expires, and nothing waits', async (days) => {
    const left = await leaveBehind(world)
    const tab = world.open()
    const first = tab.add()
    const wallMs = Date.now() + days * 86_400_000
    Date.now = () => wallMs
    const second = tab.add()
    expect(await finish(tab.flush())).toEqual(DELIVERED)
    expect([...world.counted.keys()].sort()).toEqual([left, first, second].sort())
    expect(tab.page.dropped).toEqual({})
  })
})

describe('a laptop that sleeps for four days, and the clock of the page with it', () => {
  const sleep = (): number => {
    const wallMs = Date.now() + 4 * 86_400_000
    Date.now = () => wallMs
    return wallMs
  }

  it('what is recorded after it has the age that other pages see', async () => {
    const tab = world.open()
    tab.add()
    await finish(tab.flush())
    const wallMs = sleep()
    tab.add()
    await settle()
    expect((await storedEntries()).map(({ sealedMs }) => sealedMs)).toEqual([wallMs])
  })

  it('what waited through it does not expire, nor does what comes before it has left', async () => {
    const tab = world.open()
    world.weather = 'down'
    const both = [tab.add()]
    await finish(tab.flush())
    sleep()
    both.push(tab.add())
    world.weather = 'ok'
    expect(await finish(tab.flush())).toEqual(DELIVERED)
    expect([[...world.counted.keys()], tab.page.dropped]).toEqual([both, {}])
  })
})
