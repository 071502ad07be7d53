import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OBEY_MS } from '../../../src/delivery/flush-policy.ts'
import { batchOf, identitiesOf } from './batches.ts'
import { openPage, settle, type TestPage, type Weather } from './harness.ts'
import { createMemoryStorage, type MemoryStorage } from './memory-outbox.ts'

const OFF = '{"enabled":false}'
const SLOW = '{"flushIntervalMs":60000}'
const INTERVAL_MS = 10_000

let storage: MemoryStorage
let weather: Weather
let bodies: string[][]

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 })
  storage = createMemoryStorage()
  weather = 'ok'
  bodies = []
})

afterEach(() => vi.useRealTimers())

const later = (delayMs: number): Promise<unknown> => vi.advanceTimersByTimeAsync(delayMs)

const open = (): TestPage => {
  const receive = (body: string): undefined => void bodies.push(identitiesOf(body))
  const page = openPage({ storage, receive, weather: () => weather }, INTERVAL_MS)
  page.start()
  return page
}

let sequence = 0
const send = (page: TestPage) => {
  page.add(batchOf(++sequence, Date.now()))
  return page.flush()
}

const say = (settings?: string): void => {
  weather = settings ? { status: 204, settings } : 'ok'
}

describe('what the edge says', () => {
  it('reaches the page when it changes, and when nothing is said any more', async () => {
    const page = open()
    await send(page)
    for (const settings of [SLOW, SLOW, OFF, undefined, undefined]) {
      say(settings)
      await send(page)
    }
    expect(page.heard).toEqual([SLOW, OFF, null])
  })

  it('reaches later pages of the origin at their start, for an hour', async () => {
    say(SLOW)
    const page = open()
    await send(page)
    page.kill()
    await later(OBEY_MS - 1_000)
    const next = open()
    await settle()
    expect(next.heard).toEqual([SLOW])
    next.kill()
    await later(1_000)
    const last = open()
    await settle()
    expect(last.heard).toEqual([])
  })

  it('reaches other tabs with their next flush', async () => {
    const page = open()
    const other = open()
    await send(page)
    say(SLOW)
    await send(other)
    say('{"flushIntervalMs":1}')
    weather = 'down'
    await send(page)
    expect(page.heard).toEqual([SLOW])
  })

  it.each<[string, Weather]>([
    ['fails', { status: 503, settings: SLOW }],
    ['is refused', { status: 403, settings: SLOW }],
  ])('counts for nothing where the request %s', async (_, answer) => {
    const page = open()
    weather = answer
    await send(page)
    expect(page.heard).toEqual([])
  })

  it('is kept over failures', async () => {
    say(SLOW)
    const page = open()
    await send(page)
    weather = 'down'
    await send(page)
    page.kill()
    const next = open()
    await settle()
    expect(next.heard).toEqual([SLOW])
  })

  it('is not told to a page that was stopped before', async () => {
    say(SLOW)
    await send(open())
    const next = open()
    next.stop()
    await settle()
    expect(next.heard).toEqual([])
  })
})

describe('a new interval', () => {
  it('begins at once', async () => {
    const page = open()
    await later(1_500)
    page.setFlushInterval(2_000)
    page.add(batchOf(1, Date.now()))
    await later(2_001)
    expect(bodies).toHaveLength(1)
    page.setFlushInterval(60_000)
    page.add(batchOf(2, Date.now()))
    await later(59_000)
    expect(bodies).toHaveLength(1)
    await later(1_001)
    expect(bodies).toHaveLength(2)
  })
})

describe('stop', () => {
  it('ends the flush in progress before its next body', async () => {
    const page = open()
    // More than one body.
    for (let i = 1; i <= 60; i++)
      page.add({ ...batchOf(i, Date.now()), text: JSON.stringify([i, 1, [['x'.repeat(1_000), 1]], []]) })
    const flushed = page.flush()
    await Promise.resolve()
    page.stop()
    expect(await flushed).toEqual({ acknowledged: false, reason: 'stopped' })
    expect(bodies.length).toBeLessThan(2)
    page.start()
    expect(await page.flush()).toEqual({ acknowledged: true })
    expect(new Set(bodies.flat()).size).toBe(60)
  })
})
