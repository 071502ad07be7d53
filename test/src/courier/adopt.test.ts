import { createStore } from 'idb-keyval'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { adopt } from '../../../src/courier/adopt.ts'
import {
  createWorld,
  destroyWorld,
  finish,
  later,
  putStored,
  settle,
  storedEntries,
  REFUSALS,
  type Tab,
  type Weather,
  type World,
} from './harness.ts'

const OLD = 'https://old.test/v1/beacon'
const HOUR_MS = 3_600_000

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

/** What a page of the old endpoint left an hour ago. */
const leaveAt = async (url: string, service: string | undefined, agoMs = 2 * HOUR_MS): Promise<string> => {
  const tab = world.open({ url, ...(service !== undefined && { service }) })
  const identity = tab.add()
  await settle()
  tab.kill()
  await later(agoMs)
  return identity
}

/** A visit of the page at its new endpoint, with something to send. */
const visit = async (service?: string): Promise<Tab> => {
  const tab = world.open(service === undefined ? {} : { service })
  // A request takes longer than the storage: the first answer comes when the adoption is over.
  await tab.page.loadCourier()
  await settle()
  tab.add()
  await finish(tab.flush())
  await later(31_000)
  return tab
}

const namesAt = async (url: string): Promise<string[]> =>
  (await storedEntries(url)).map(({ session, sequence }) => `${session}/${sequence}`)

it('takes over what a moved endpoint left, once, and sends it to the new one', async () => {
  const left = await leaveAt(OLD, 'shop')
  const tab = await visit('shop')
  expect(Object.fromEntries(world.counted)).toEqual({ [left]: 1, [`${tab.page.session}/1`]: 1 })
  expect([await namesAt(OLD), await storedEntries()]).toEqual([[], []])
  expect(tab.page.acknowledged).toBe(1)
})

describe('nothing is taken', () => {
  it.each<[string, string | undefined, string | undefined]>([
    ['of another service', 'admin', 'shop'],
    ['where neither has a name', undefined, undefined],
    ['where this one has none', 'shop', undefined],
    ['where the other has none', undefined, 'shop'],
  ])('%s', async (_, theirs, ours) => {
    const left = await leaveAt(OLD, theirs)
    await visit(ours)
    expect([world.counted.has(left), await namesAt(OLD)]).toEqual([false, [left]])
  })

  it('where two others existed', async () => {
    const left = await leaveAt(OLD, 'shop')
    await leaveAt('https://older.test/v1/beacon', 'shop')
    await visit('shop')
    expect([world.counted.has(left), await namesAt(OLD)]).toEqual([false, [left]])
  })

  it('where one batch of them is of another service', async () => {
    const all = [await leaveAt(OLD, 'shop', 1), await leaveAt(OLD, 'admin')]
    await visit('shop')
    expect(await namesAt(OLD)).toEqual(all)
  })

  it('where pages have sent to this endpoint before', async () => {
    await visit('shop')
    const left = await leaveAt(OLD, 'shop')
    await visit('shop')
    expect([world.counted.has(left), await namesAt(OLD)]).toEqual([false, [left]])
  })

  it('of a minute ago: it may be of a tab that is still open', async () => {
    const left = await leaveAt(OLD, 'shop', 20_000)
    await visit('shop')
    expect([world.counted.has(left), await namesAt(OLD)]).toEqual([false, [left]])
  })

  it('that was handed to the old endpoint: it has most likely been counted there', async () => {
    const tab = world.open({ url: OLD, service: 'shop' })
    tab.add()
    tab.leave()
    tab.kill()
    await later(2 * HOUR_MS)
    await visit('shop')
    expect((await namesAt(OLD)).length).toBe(1)
    expect([...world.counted.values()]).toEqual([1, 1])
  })

  it.each<Weather>(['down', { ...REFUSALS[503]!, headers: { 'retry-after': '80000' } }])(
    'of a tab that is still open and whose edge fails for hours (%j)',
    async (weather) => {
      const old = world.open({ url: OLD, service: 'shop' })
      world.weather = weather
      const identity = old.add()
      await later(5 * HOUR_MS)
      world.weather = 'ok'
      await visit('shop')
      expect(world.requests.filter(({ page }) => page !== old.page).flatMap(({ batches }) => batches)).not.toContain(
        identity,
      )
    },
  )

  it('of a newer release', async () => {
    await leaveAt(OLD, 'shop', 1)
    await putStored([1, 'a', 1], { v: 2, resource: { service: 'shop' } }, OLD)
    await later(2 * HOUR_MS)
    await visit('shop')
    expect(await namesAt(OLD)).toEqual(['undefined/undefined'])
  })

  it('of a database of the site, whatever is in it', async () => {
    for (const name of ['pharos', 'pharos-admin', 'keyval-store'])
      await createStore(name, 'outbox')(
        'readwrite',
        (objects) => void objects.put({ resource: { service: 'shop' } }, [1, 'a', 1]),
      )
    const left = await leaveAt(OLD, 'shop')
    await visit('shop')
    expect(world.counted.has(left)).toBe(true)
    const kept = await createStore('pharos', 'outbox')('readonly', async (objects) => objects.count())
    await settle()
    expect(kept.result).toBe(1)
  })

  it('where consent was withdrawn meanwhile', async () => {
    const left = await leaveAt(OLD, 'shop')
    const tab = world.open({ service: 'shop' })
    const adopting = adopt(tab.page, Date.now())
    tab.erase()
    await finish(adopting)
    expect([await storedEntries(), await namesAt(OLD)]).toEqual([[], [left]])
  })

  it('where the browser cannot tell which databases there are', async () => {
    const left = await leaveAt(OLD, 'shop')
    vi.stubGlobal('indexedDB', Object.create(indexedDB, { databases: { value: undefined } }))
    const tab = world.open({ service: 'shop' })
    await expect(adopt(tab.page, Date.now())).rejects.toThrow(TypeError)
    expect(await namesAt(OLD)).toEqual([left])
  })
})
