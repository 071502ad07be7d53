import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  createWorld,
  DELIVERED,
  destroyWorld,
  finish,
  fullStore,
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

it('makes room for what is new in a full storage, by what is oldest there', async () => {
  const left = [await leaveBehind(world), await leaveBehind(world), await leaveBehind(world)]
  const tab = world.open()
  tab.page.store = fullStore(3)
  tab.add()
  await settle()
  expect((await storedEntries()).map(({ session, sequence }) => `${session}/${sequence}`)).toEqual([
    left[1],
    left[2],
    `${tab.page.session}/1`,
  ])
  expect(tab.page.dropped).toEqual({ outbox_full: 1 })
})

it('a full storage costs nothing of what the page still has in memory', async () => {
  const tab = world.open()
  tab.page.store = fullStore(2)
  const all: string[] = []
  for (let i = 0; i < 5; i++) {
    all.push(tab.add())
    await settle()
  }
  expect([tab.page.dropped, tab.page.recorded - tab.page.settled]).toEqual([{}, 5])
  // What is not stored is known to be: it would leave even where the edge wants to be left alone.
  expect(tab.page.unsaved.size).toBeGreaterThanOrEqual(3)
  expect(await finish(tab.flush())).toEqual(DELIVERED)
  expect(world.requests.flatMap(({ batches }) => batches).sort()).toEqual(all)
})
