import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SETTINGS_TTL_MS } from '../../../src/protocol/send-state.ts'
import {
  createWorld,
  destroyWorld,
  finish,
  later,
  REFUSALS,
  settle,
  storedEntries,
  type Tab,
  type Weather,
  type World,
} from './harness.ts'

const OFF = '{"enabled":false}'
const SLOW = '{"flushIntervalMs":60000}'
const INTERVAL_MS = 10_000

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(destroyWorld)

const open = (): Tab => world.open({ intervalMs: INTERVAL_MS })

const send = (tab: Tab) => {
  tab.add()
  return finish(tab.flush())
}

const say = (settings?: string): void => {
  world.weather = settings === undefined ? 'ok' : { status: 204, headers: { 'pharos-settings': settings } }
}

describe('what the edge says', () => {
  it('reaches the page when it changes, and is over when nothing is said any more', async () => {
    const tab = open()
    const intervals: number[] = []
    for (const settings of [undefined, SLOW, SLOW, '{"flushIntervalMs":20000}', undefined, undefined]) {
      say(settings)
      await send(tab)
      intervals.push(tab.page.intervalMs)
    }
    expect(intervals).toEqual([INTERVAL_MS, 60_000, 60_000, 20_000, INTERVAL_MS, INTERVAL_MS])
  })

  it('reaches later pages at their start, with no request, for an hour', async () => {
    say(SLOW)
    const tab = open()
    await send(tab)
    await settle()
    tab.kill()
    await later(SETTINGS_TTL_MS - 2_000)
    const next = open()
    await later(100)
    await finish(next.flush())
    expect([next.page.intervalMs, world.requests.length]).toEqual([60_000, 1])
    next.kill()
    await later(2_000)
    const last = open()
    await later(100)
    await finish(last.flush())
    expect([last.page.intervalMs, world.requests.length]).toEqual([INTERVAL_MS, 1])
  })

  it('reaches other tabs with their next flush, also where it fails', async () => {
    const tab = open()
    const other = open()
    await send(tab)
    say(SLOW)
    await send(other)
    await settle()
    world.weather = 'down'
    await send(tab)
    expect(tab.page.intervalMs).toBe(60_000)
  })

  it.each<[string, Weather]>([
    ['fails', { ...REFUSALS[503]!, headers: { 'pharos-settings': SLOW } }],
    ['is refused', { ...REFUSALS[403]!, headers: { 'pharos-settings': SLOW } }],
    ['is answered by a stranger', { status: 204, headers: { 'pharos-settings': SLOW }, isOfStranger: true }],
  ])('counts for nothing where the request %s', async (_, answer) => {
    const tab = open()
    world.weather = answer
    await send(tab)
    expect(tab.page.intervalMs).toBe(INTERVAL_MS)
  })

  it('is heard of what left, too', async () => {
    const tab = open()
    tab.add()
    say(SLOW)
    tab.leave()
    await later(INTERVAL_MS)
    expect([tab.page.intervalMs, world.requests.length, tab.page.acknowledged]).toEqual([60_000, 1, 1])
  })

  it.each([
    '',
    '{',
    'null',
    '7',
    '[]',
    '{"flushIntervalMs":1}',
    '{"flushIntervalMs":"soon"}',
    '{"enabled":0}',
    '{"sampleRate":2}',
  ])('%j changes nothing', async (settings) => {
    say(settings)
    const tab = open()
    expect(await send(tab)).toEqual({ acknowledged: true })
    expect([tab.page.intervalMs, tab.page.isOn, tab.page.isShut, tab.page.weight]).toEqual([
      INTERVAL_MS,
      true,
      false,
      1,
    ])
  })

  it('is not told to a page that has ended', async () => {
    say(SLOW)
    await send(open())
    await settle()
    const next = open()
    next.page.isShut = true
    const courier = await next.page.loadCourier()
    await finish(courier.flush())
    expect(next.page.intervalMs).toBe(INTERVAL_MS)
  })
})

describe('an interval', () => {
  it('begins at once', async () => {
    const tab = open()
    await later(1_500)
    say('{"flushIntervalMs":2000}')
    await send(tab)
    tab.add()
    await later(2_000)
    expect(world.requests).toHaveLength(2)
    say(SLOW)
    await send(tab)
    tab.add()
    await later(59_000)
    expect(world.requests).toHaveLength(3)
    await later(1_000)
    expect(world.requests).toHaveLength(4)
  })
})

describe('the off switch', () => {
  it('stops recording and sending for good, and forgets what was recorded before the page knew', async () => {
    const tab = open()
    say(OFF)
    expect(await send(tab)).toEqual({ acknowledged: true })
    tab.page.instruments.increment('clicks')
    expect([tab.page.isOn, tab.page.isShut, tab.page.recorded, tab.page.settled]).toEqual([false, true, 1, 1])
    say()
    await later(2 * SETTINGS_TTL_MS)
    expect([world.requests.length, await storedEntries()]).toEqual([1, []])
  })

  it('holds later pages, and what they sealed leaves when it is over', async () => {
    const tab = open()
    say(OFF)
    await send(tab)
    await settle()
    say()
    tab.kill()
    const next = open()
    const only = next.add()
    await later(INTERVAL_MS)
    expect([next.page.isShut, world.requests.length]).toEqual([true, 1])
    await later(SETTINGS_TTL_MS)
    await finish(open().flush())
    expect(world.counted.get(only)).toBe(1)
  })
})

describe('a rate', () => {
  it('holds for a session that has sealed nothing, and only where it is lower', async () => {
    say('{"sampleRate":0.1}')
    await send(open())
    await settle()
    const [fresh, low] = [open(), open()]
    low.page.weight = 100
    for (const { page } of [fresh, low]) await finish(page.loadCourier().then((courier) => courier.flush()))
    expect([fresh.page.weight, low.page.weight]).toEqual([10, 100])
  })

  it('changes no weight of a session that has begun', async () => {
    say('{"sampleRate":0.1}')
    const tab = open()
    await send(tab)
    expect([tab.page.weight, tab.page.isOn]).toEqual([1, true])
  })

  it('of 0 lets no session begin', async () => {
    say('{"sampleRate":0}')
    await send(open())
    await settle()
    const next = open()
    await finish(next.page.loadCourier().then((courier) => courier.flush()))
    next.page.instruments.increment('clicks')
    expect([next.page.isOn, next.page.recorded]).toEqual([false, 0])
  })
})
