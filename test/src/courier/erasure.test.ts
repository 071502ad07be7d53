import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createWorld,
  destroyWorld,
  later,
  leaveBehind,
  pendingOf,
  requestsOf,
  settle,
  storedEntries,
  storedState,
  turn,
  type World,
} from './harness.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

describe('erasure', () => {
  it.each(Array.from({ length: 30 }, (_, turns) => turns))(
    'empties memory and outbox, whatever a flush under way has come to (%i turns)',
    async (turns) => {
      await leaveBehind(world)
      const tab = world.open()
      await tab.page.loadCourier()
      tab.add()
      const flushed = tab.flush()
      // The courier is asked some microtasks later: what was erased before was not covered.
      for (let i = 0; i < 10; i++) await Promise.resolve()
      await turn(turns)
      const { length } = world.requests
      tab.erase()
      await settle()
      tab.page.consent = true
      tab.leave()
      await later(60_000)
      // Once its request has gone, it may have been acknowledged just before.
      const { acknowledged } = await flushed
      expect(length > 0 || !acknowledged).toBe(true)
      expect([world.requests.length, await storedEntries(), pendingOf(tab)]).toEqual([length, [], 0])
      expect(await storedState()).toBeUndefined()
    },
  )

  it('an answer that comes after it brings nothing back', async () => {
    const tab = world.open()
    tab.add()
    let answer: (response: Response) => void = () => {}
    vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)))
    const flushed = tab.flush()
    await settle()
    tab.erase()
    tab.page.consent = true
    tab.page.isOn = true
    const kept = tab.add()
    answer(new Response(null, { status: 204, headers: { pharos: '1' } }))
    expect(await flushed).toEqual({ acknowledged: false, reason: 'cleared' })
    await settle()
    expect([tab.page.acknowledged, pendingOf(tab)]).toEqual([0, 1])
    expect((await storedEntries()).map(({ session, sequence }) => `${session}/${sequence}`)).toEqual([kept])
  })

  it('what was erased in the middle of a flush does not leave later', async () => {
    const tab = world.open()
    const gone = tab.add()
    world.weather = 'hangs'
    void tab.flush()
    await settle()
    tab.erase()
    tab.page.consent = true
    tab.page.isOn = true
    const kept = tab.add()
    tab.leave()
    expect(requestsOf(world)).toEqual([
      ['flush', gone],
      ['leave', kept],
    ])
    await later(10_000)
    tab.add()
    tab.leave()
    expect(world.requests.slice(1).flatMap(({ batches }) => batches)).not.toContain(gone)
  })
})
