import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CONFIRM_AFTER_MS, FIRST_FLUSH_MS } from '../../../src/delivery/flush-policy.ts'
import { MAX_ENTRIES } from '../../../src/delivery/outbox-bounds.ts'
import { RETENTION_MS } from '../../../src/protocol/limits.ts'
import { batchOf, identitiesOf } from './batches.ts'
import { openPage, settle, type TestPage, type Weather } from './harness.ts'
import { createMemoryStorage, storedEntries, type MemoryStorage } from './memory-outbox.ts'

const FIRST = 'AAAAAAAAAAAAAAAA'
const DELIVERED = { acknowledged: true }
const SECOND = 'BBBBBBBBBBBBBBBB'

let storage: MemoryStorage
let weather: Weather
let bodies: { via: string; batches: string[] }[]
let refuse: (batches: readonly string[]) => number | undefined

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 })
  storage = createMemoryStorage()
  weather = 'ok'
  bodies = []
  refuse = () => undefined
})

afterEach(() => vi.useRealTimers())

const receive = (body: string, via: string): number | undefined => {
  const batches = identitiesOf(body)
  bodies.push({ via, batches })
  return refuse(batches)
}

const open = (): TestPage => {
  const page = openPage({ storage, receive, weather: () => weather })
  page.start()
  return page
}

const add = (page: TestPage, sequence: number, session = FIRST): void =>
  page.add(batchOf(sequence, Date.now(), session))

const later = (delayMs: number): Promise<unknown> => vi.advanceTimersByTimeAsync(delayMs)

describe('an ordinary page view', () => {
  it('costs one request, the beacon at the end; the next view finds nothing to send', async () => {
    const page = open()
    add(page, 1)
    await later(500)
    add(page, 2)
    page.beacon()
    await settle()
    page.kill()
    expect(bodies).toEqual([{ via: 'beacon', batches: [`${FIRST}/2`, `${FIRST}/1`] }])
    open()
    await later(CONFIRM_AFTER_MS / 2)
    expect(bodies).toHaveLength(1)
    expect(storage.entries.size).toBe(2)
  })

  it('longer than the start of a page, it still costs one request', async () => {
    const page = open()
    add(page, 1)
    await later(FIRST_FLUSH_MS + 5_000)
    expect(bodies).toEqual([])
    page.beacon()
    expect(bodies).toEqual([{ via: 'beacon', batches: [`${FIRST}/1`] }])
  })

  it('is confirmed with the next acknowledged flush', async () => {
    const page = open()
    add(page, 1)
    page.beacon()
    await settle()
    page.kill()
    await later(1)
    const next = open()
    add(next, 1, SECOND)
    await later(30_000)
    expect(bodies.at(-1)).toEqual({ via: 'fetch', batches: [`${FIRST}/1`, `${SECOND}/1`] })
    expect([storage.entries.size, next.acknowledged()]).toEqual([0, 1])
  })

  it('is confirmed in its own time when nothing else is sent', async () => {
    const page = open()
    add(page, 1)
    page.beacon()
    await later(CONFIRM_AFTER_MS + 60_000)
    expect(bodies.map(({ via }) => via)).toEqual(['beacon', 'fetch'])
    expect([storage.entries.size, page.pendingRecords(), page.acknowledged()]).toEqual([0, 0, 1])
  })

  it('that lasts is flushed on the interval, and only if there is something', async () => {
    const page = open()
    await later(1_500)
    add(page, 1)
    await later(120_000)
    expect(bodies).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`] }])
    page.beacon()
    expect(bodies).toHaveLength(1)
  })

  it('is sent in the background only when there is something new', async () => {
    const page = open()
    add(page, 1)
    page.visible = false
    page.beacon()
    await later(CONFIRM_AFTER_MS + 60_000)
    expect(bodies.map(({ via }) => via)).toEqual(['beacon'])
    add(page, 2)
    await later(60_000)
    expect(bodies.slice(1)).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`, `${FIRST}/2`] }])
  })

  it('nothing is sent after stop', async () => {
    const page = open()
    add(page, 1)
    page.stop()
    await later(120_000)
    expect(bodies).toEqual([])
  })

  it('its own batches ride along with what others left', async () => {
    const killed = open()
    add(killed, 1)
    await settle()
    killed.kill()
    await later(1)
    add(open(), 1, SECOND)
    await later(FIRST_FLUSH_MS)
    expect(bodies).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`, `${SECOND}/1`] }])
  })
})

describe('leftovers', () => {
  it('of a killed browser are sent at the start of the next visit, even if they are a moment old', async () => {
    const page = open()
    add(page, 1)
    await settle()
    page.kill()
    await later(1)
    open()
    await later(1_000)
    expect(bodies).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`] }])
    expect(storage.entries.size).toBe(0)
  })

  it('are sent although the killed page held the lease', async () => {
    const killed = open()
    add(killed, 1)
    await later(1)
    const holder = open()
    weather = 'down'
    void holder.flush()
    await Promise.resolve()
    storage.pace = { leasedMs: Date.now(), failures: 0, failedMs: 0, waitMs: 0 }
    holder.kill()
    killed.kill()
    weather = 'ok'
    await later(1)
    open()
    await later(1_000)
    expect(bodies).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`] }])
  })

  it('are sent by one of two tabs that start together', async () => {
    const page = open()
    add(page, 1)
    await settle()
    page.kill()
    await later(1)
    open()
    open()
    await later(1_000)
    expect(bodies).toHaveLength(1)
  })

  it('batches of a live tab are left alone while young, and taken when overdue', async () => {
    const page = open()
    page.stop()
    await later(1)
    open()
    await later(1)
    add(page, 1)
    await later(50_000)
    expect(bodies).toEqual([])
    await later(60_000)
    expect(bodies).toEqual([{ via: 'fetch', batches: [`${FIRST}/1`] }])
  })
})

describe('flush', () => {
  it('covers what was added before each call, with one request at a time', async () => {
    const page = open()
    add(page, 1)
    const both = [page.flush(), page.flush()]
    await settle()
    add(page, 2)
    expect(await Promise.all([...both, page.flush()])).toEqual([DELIVERED, DELIVERED, DELIVERED])
    expect(bodies.map(({ batches }) => batches)).toEqual([[`${FIRST}/1`], [`${FIRST}/2`]])
    expect(page.acknowledged()).toBe(2)
  })

  it('of nothing is acknowledged and sends nothing', async () => {
    expect(await open().flush()).toEqual({ acknowledged: true })
    expect(bodies).toEqual([])
  })

  it('a batch that a beacon took and a flush confirms is acknowledged once', async () => {
    const page = open()
    add(page, 1)
    page.beacon()
    await page.flush()
    await page.flush()
    expect([page.acknowledged(), bodies.length]).toEqual([1, 2])
  })

  it.each<[Weather, string]>([
    ['down', 'network'],
    ['lost', 'network'],
    [{ status: 500 }, 'http_500'],
    [{ status: 503, retryAfter: '60' }, 'http_503'],
  ])('%j keeps the batch: %s', async (now, reason) => {
    const page = open()
    add(page, 1)
    weather = now
    expect(await page.flush()).toEqual({ acknowledged: false, reason })
    expect([page.pendingRecords(), storage.entries.size, page.dropped]).toEqual([1, 1, {}])
  })

  it.each([
    [400, 'rejected'],
    [403, 'rejected'],
    [404, 'rejected'],
    [413, 'too_large'],
  ])('%i drops the batch as %s', async (status, reason) => {
    const page = open()
    add(page, 1)
    weather = { status }
    expect(await page.flush()).toEqual({ acknowledged: false, reason: `http_${status}` })
    expect([page.pendingRecords(), storage.entries.size, page.dropped]).toEqual([0, 0, { [reason]: 1 }])
  })

  it.each([400, 413, 422])('%i of a body with one bad batch costs only that batch', async (status) => {
    refuse = (batches) => (batches.includes(`${FIRST}/3`) ? status : undefined)
    const page = open()
    for (let sequence = 1; sequence <= 8; sequence++) add(page, sequence)
    expect(await page.flush()).toEqual({ acknowledged: false, reason: `http_${status}` })
    expect([page.acknowledged(), Object.values(page.dropped), storage.entries.size]).toEqual([7, [1], 0])
  })

  it('tries once in back-off, where the timer waits', async () => {
    weather = 'down'
    const page = open()
    add(page, 1)
    for (let i = 0; i < 7; i++) await page.flush()
    weather = 'ok'
    await later(60_000)
    expect(bodies).toEqual([])
    expect(await page.flush()).toEqual({ acknowledged: true })
  })

  it('waits for Retry-After, in every tab, and so do beacons of what is stored', async () => {
    const page = open()
    add(page, 1)
    weather = { status: 503, retryAfter: '60' }
    await page.flush()
    weather = 'ok'
    const other = open()
    expect(await page.flush()).toEqual({ acknowledged: false, reason: 'paused' })
    expect(await other.flush()).toEqual({ acknowledged: true })
    page.beacon()
    await later(59_000)
    expect(bodies).toEqual([])
    await later(40_000)
    expect(bodies.length).toBeGreaterThan(0)
    expect(page.pendingRecords()).toBe(0)
  })
})

describe('beacon', () => {
  it('that is refused leaves the batch for the next visit', async () => {
    const page = open()
    page.takesBeacons = false
    add(page, 1)
    page.beacon()
    await settle()
    expect(storedEntries(storage)[0]!.beaconedMs).toBeUndefined()
  })

  it('to a server that was just down proves nothing', async () => {
    const page = open()
    add(page, 1)
    weather = 'down'
    await page.flush()
    page.beacon()
    await settle()
    expect(storedEntries(storage)[0]!.beaconedMs).toBeUndefined()
  })

  it('sends each batch once, and not what was acknowledged', async () => {
    const page = open()
    add(page, 1)
    await page.flush()
    add(page, 2)
    page.beacon()
    page.beacon()
    expect(bodies.map(({ batches }) => batches)).toEqual([[`${FIRST}/1`], [`${FIRST}/2`]])
  })

  it('keeps to the budget, the newest first', () => {
    const page = open()
    for (let sequence = 1; sequence <= 10; sequence++)
      page.add({ ...batchOf(sequence, Date.now()), text: JSON.stringify([sequence, 0, [['x'.repeat(10_000), 1]], []]) })
    page.beacon()
    expect(bodies.map(({ batches }) => batches.length)).toEqual([3, 3])
    expect(bodies[0]!.batches[0]).toBe(`${FIRST}/10`)
  })
})

describe('what cannot be kept', () => {
  it('over the number: the oldest go, counted, from memory and outbox', async () => {
    weather = 'down'
    const page = open()
    for (let sequence = 1; sequence <= MAX_ENTRIES + 3; sequence++) add(page, sequence)
    await settle()
    expect([page.dropped, page.pendingRecords(), storage.entries.size]).toEqual([
      { outbox_full: 3 },
      MAX_ENTRIES,
      MAX_ENTRIES,
    ])
  })

  it('over the age: dropped by the next page that looks, once', async () => {
    const page = open()
    add(page, 1)
    await settle()
    page.kill()
    await later(RETENTION_MS + 1)
    const next = [open(), open()]
    await later(2_000)
    expect(next.map(({ dropped }) => dropped)).toEqual([{ expired: 1 }, {}])
    expect([bodies, storage.entries.size]).toEqual([[], 0])
  })

  it.each(['failed', 'full'] as const)(
    'a storage that has %s: all goes on in memory, and is stored when it is back',
    async (result) => {
      storage.result = result
      const page = open()
      add(page, 1)
      await later(30_000)
      expect(bodies).toHaveLength(1)
      add(page, 2)
      weather = 'down'
      storage.result = 'done'
      await page.flush()
      expect([storage.entries.size, page.acknowledged(), page.dropped]).toEqual([1, 1, {}])
    },
  )
})

describe('clear', () => {
  it.each(Array.from({ length: 25 }, (_, turns) => turns))(
    'erases memory and outbox, whatever a flush under way has come to (%i turns)',
    async (turns) => {
      const killed = open()
      add(killed, 1)
      await settle()
      killed.kill()
      await later(1)
      const page = open()
      add(page, 1, SECOND)
      const flushed = page.flush()
      for (let i = 0; i < turns; i++) await Promise.resolve()
      const sent = bodies.length
      await page.clear()
      await settle()
      page.beacon()
      await later(60_000)
      await flushed
      expect([bodies.length, storage.entries.size, page.pendingRecords()]).toEqual([sent, 0, 0])
    },
  )
})
