import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MAX_ENTRIES } from '../../../src/core/hold.ts'
import { createInstruments } from '../../../src/core/record.ts'
import { seal } from '../../../src/core/window.ts'
import { createWorld, destroyWorld, finish, later, REFUSALS, settle, type World } from './harness.ts'

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

it('an outbox that was full is not pushed out by what it says was dropped', async () => {
  const tab = world.open()
  world.weather = 'down'
  for (let i = 0; i <= MAX_ENTRIES; i++) tab.add()
  for (let i = 0; i < 5; i++) seal(tab.page)
  await later(3_600_000)
  expect([tab.page.dropped, tab.page.own.size]).toEqual([{ outbox_full: 2 }, MAX_ENTRIES])
  world.weather = 'ok'
  await finish(tab.flush())
  tab.add()
  await finish(tab.flush())
  expect(world.reported()).toEqual({ outbox_full: 2 })
})

it('the window that an outage made long ends with it', async () => {
  const tab = world.open()
  world.weather = 'down'
  for (let i = 0; i < 900; i++) tab.add()
  createInstruments(tab.page).increment('clicks')
  world.weather = 'ok'
  expect([tab.page.current.dirty.length, tab.page.own.size]).toEqual([1, 900])
  // As the network's return asks for it: nothing is sealed before.
  await finish(tab.page.loadCourier().then((courier) => courier.flush()))
  await settle()
  expect([tab.page.recorded, tab.page.current.dirty.length, tab.page.own.size, tab.page.acknowledged]).toEqual([
    901, 0, 0, 901,
  ])
})

it('a busy page asks for the compactor while the network is there', async () => {
  const { page, ...tab } = world.open()
  const crowded = vi.spyOn(page, 'onCrowded')
  const record = (calls: number): void => {
    for (let i = 0; i < calls; i++) page.instruments.increment('clicks')
  }
  record(500)
  await finish(tab.flush())
  expect(crowded).not.toHaveBeenCalled()
  record(1)
  world.weather = 'down'
  await finish(tab.flush())
  expect(crowded).not.toHaveBeenCalled()
  world.weather = 'ok'
  await finish(tab.flush())
  expect(crowded).toHaveBeenCalledTimes(1)
})

it('two tabs that are offline drop nothing of each other', async () => {
  const tabs = [world.open(), world.open()]
  world.weather = 'down'
  for (const tab of tabs) for (let i = 0; i < 700; i++) tab.add()
  for (const tab of tabs) await finish(tab.flush())
  expect(tabs.map(({ page }) => page.dropped)).toEqual([{}, {}])
})

it('a flush that finds a request under way is not acknowledged where that is refused', async () => {
  const tab = world.open()
  tab.add()
  world.refuse = () => REFUSALS[403]
  const [first, second] = await Promise.all([finish(tab.flush()), finish(tab.flush())])
  expect([first.acknowledged, second.acknowledged, tab.page.dropped]).toEqual([false, false, { rejected: 1 }])
})
