import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SETTINGS_TTL_MS } from '../../../src/protocol/send-state.ts'
import type { FlushResult } from '../../../src/core/types.ts'
import { createEdgeClient } from '../../../src/edge/edge-client.ts'
import type { EdgeOptions } from '../../../src/edge/options.ts'
import type { EdgeClient } from '../../../src/edge/types.ts'
import { createModelServer, type ModelServer } from './model-server.ts'

const OFF = '{"enabled":false}'
const INACTIVE = { acknowledged: false, reason: 'inactive' }

let server: ModelServer

const open = (options: Partial<EdgeOptions> = {}): EdgeClient =>
  createEdgeClient({ url: 'https://edge.test/v1/beacon', fetch: (url, init) => server.fetch(url, init), ...options })

const later = (delayMs: number): Promise<unknown> => vi.advanceTimersByTimeAsync(delayMs)

/** Records one order and sends it. */
const send = async (client: EdgeClient): Promise<FlushResult> => {
  client.increment('orders')
  const flushed = client.flush()
  await later(0)
  return flushed
}

const orders = (): unknown => server.totals()['orders[]']

beforeEach(() => {
  vi.useFakeTimers()
  server = createModelServer()
})

afterEach(() => vi.useRealTimers())

describe('the off switch', () => {
  it('stops verbs, bound ones too, and requests; what was sent stays acknowledged', async () => {
    const client = open()
    const bound = client.counter('orders')
    server.settings = OFF
    expect(await send(client)).toEqual({ acknowledged: true })
    bound.add()
    client.observe('took', 1)
    client.increment('a b')
    client.time('took')()
    expect(await send(client)).toEqual(INACTIVE)
    expect(client.stats()).toEqual({ recorded: 1, pending: 0, acknowledged: 1, dropped: {}, enabled: false })
    expect([server.requests.length, orders()]).toEqual([1, 1])
  })

  it('holds for an hour from when it was last heard, and is heard again', async () => {
    const client = open()
    server.settings = OFF
    await send(client)
    await later(SETTINGS_TTL_MS - 1)
    expect(await send(client)).toEqual(INACTIVE)
    await later(1)
    // The record comes too early: it is the flush that looks.
    expect(await send(client)).toEqual({ acknowledged: true })
    expect([server.requests.length, client.stats().enabled]).toEqual([1, true])
    expect(await send(client)).toEqual({ acknowledged: true })
    expect([orders(), client.stats().enabled]).toEqual([2, false])
    await later(SETTINGS_TTL_MS)
    expect(client.stats().enabled).toBe(true)
    server.settings = undefined
    for (let i = 0; i < 3; i++) expect(await send(client)).toEqual({ acknowledged: true })
    expect([orders(), client.stats()]).toEqual([5, expect.objectContaining({ recorded: 5, pending: 0, enabled: true })])
  })

  it('keeps what was recorded before it was heard, for when it is over', async () => {
    const client = open()
    server.settings = OFF
    client.increment('orders')
    const flushed = client.flush()
    client.increment('orders', 10)
    expect(await flushed).toEqual(INACTIVE)
    client.increment('orders', 100)
    expect(client.stats()).toMatchObject({ recorded: 2, pending: 1, acknowledged: 1, enabled: false })
    server.settings = undefined
    await later(SETTINGS_TTL_MS)
    await send(client)
    expect(client.stats()).toMatchObject({ pending: 0, enabled: true })
    expect(orders()).toBe(11)
  })

  it('stops between two bodies, and the rest goes when it is over, under its identity', async () => {
    const client = open()
    for (let i = 0; i < 1_500; i++) client.increment('much', 1, { i, padding: 'p'.repeat(100) })
    server.settings = OFF
    expect(await client.flush()).toEqual(INACTIVE)
    expect(server.requests).toHaveLength(1)
    server.settings = undefined
    await later(SETTINGS_TTL_MS)
    expect(await client.flush()).toEqual({ acknowledged: true })
    expect(Object.keys(server.totals())).toHaveLength(1_500)
    expect(client.stats()).toMatchObject({ recorded: 1_500, pending: 0, acknowledged: 1_500, dropped: {} })
  })

  it('is told to all calls that wait', async () => {
    const client = open()
    server.settings = OFF
    client.increment('orders')
    const first = client.flush()
    client.increment('orders')
    const second = client.flush()
    await later(100)
    expect(await Promise.all([first, second])).toEqual([INACTIVE, INACTIVE])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['a refusal', 403],
    ['a failure', 503],
  ])('counts for nothing in %s', async (_, status) => {
    const client = open({ flushTimeoutMs: 0 })
    server.settings = OFF
    server.fates.push({ status })
    expect(await send(client)).toEqual({ acknowledged: false, reason: `http_${status}` })
    expect(client.stats().enabled).toBe(true)
  })

  it('with an interval: the timer looks, sends nothing, and comes back by itself', async () => {
    const client = open({ flushIntervalMs: 30_000 })
    server.settings = OFF
    client.increment('orders')
    await later(30_000)
    expect(client.stats()).toMatchObject({ acknowledged: 1, enabled: false })
    server.settings = undefined
    await later(SETTINGS_TTL_MS - 1_000)
    client.increment('orders')
    expect([server.requests.length, vi.getTimerCount()]).toEqual([1, 1])
    await later(31_000)
    expect(vi.getTimerCount()).toBe(0)
    client.increment('orders')
    await later(30_000)
    expect(orders()).toBe(2)
  })

  it('with an interval: nothing is left running after shutdown', async () => {
    const client = open({ flushIntervalMs: 30_000 })
    server.settings = OFF
    client.increment('orders')
    // While the timer's own flush is on its way.
    vi.advanceTimersByTime(30_000)
    const flushed = client.shutdown()
    await later(100)
    expect(await flushed).toEqual({ acknowledged: true })
    expect([client.stats().acknowledged, vi.getTimerCount()]).toEqual([1, 0])
    await later(SETTINGS_TTL_MS)
    client.increment('orders')
    expect(client.stats()).toMatchObject({ recorded: 1, enabled: true })
  })
})

describe('an interval', () => {
  it('holds in place of the own one, until nothing is said any more', async () => {
    const client = open({ flushIntervalMs: 60_000 })
    server.settings = '{"flushIntervalMs":5000}'
    await send(client)
    await later(60_000)
    const sentAfter = async (waitMs: number): Promise<boolean> => {
      const before = server.requests.length
      client.increment('orders')
      await later(waitMs - 1)
      expect(server.requests).toHaveLength(before)
      await later(1)
      return server.requests.length > before
    }
    expect(await sentAfter(5_000)).toBe(true)
    server.settings = '{"flushIntervalMs":600000}'
    expect(await sentAfter(5_000)).toBe(true)
    expect(await sentAfter(600_000)).toBe(true)
    server.settings = undefined
    expect(await sentAfter(600_000)).toBe(true)
    expect(await sentAfter(60_000)).toBe(true)
  })

  it.each([
    ['a refusal', 403],
    ['a failure', 503],
  ])('holds on over %s', async (_, status) => {
    const client = open({ flushIntervalMs: 1_200_000, flushTimeoutMs: 0 })
    server.settings = '{"flushIntervalMs":600000}'
    await send(client)
    await later(1_200_000)
    server.settings = undefined
    server.fates.push({ status }, { status })
    await send(client)
    client.increment('orders')
    await later(600_000)
    expect(server.fates).toEqual([])
    const before = server.requests.length
    client.increment('orders')
    await later(600_000)
    expect(server.requests.length).toBeGreaterThan(before)
  })

  it('is forgotten after an hour', async () => {
    const client = open({ flushIntervalMs: 60_000 })
    server.settings = '{"flushIntervalMs":5000}'
    await send(client)
    await later(SETTINGS_TTL_MS)
    client.increment('orders')
    await later(59_000)
    expect(orders()).toBe(1)
    await later(1_000)
    expect(orders()).toBe(2)
  })

  it('makes no timer for a client without one, and no rate makes a client sample', async () => {
    const client = open()
    server.settings = '{"flushIntervalMs":1000,"sampleRate":0}'
    await send(client)
    client.increment('orders')
    expect([vi.getTimerCount(), client.stats().pending]).toEqual([0, 1])
    await later(60_000)
    expect(await client.flush()).toEqual({ acknowledged: true })
    expect(orders()).toBe(2)
    expect(server.bodies.join()).not.toContain('weight')
  })
})

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('record'), value: fc.integer({ min: 1, max: 1_000 }) }),
  fc.record({ do: fc.constant('flush'), value: fc.nat(5_000) }),
  fc.record({ do: fc.constant('wait'), value: fc.nat(SETTINGS_TTL_MS) }),
  fc.record({ do: fc.constant('say'), value: fc.nat(3) }),
  fc.record({ do: fc.constant('break'), value: fc.constantFrom(403, 429, 500, 503) }),
)

it('whatever is switched when: what was recorded is counted once or dropped under a reason, and in the end it is on', async () => {
  const said = [OFF, undefined, '{"flushIntervalMs":1000}', '{"enabled":false,"flushIntervalMs":86400000}']
  let offs = 0
  const check = async (steps: readonly { readonly do: string; readonly value: number }[], hasTimer: boolean) => {
    server = createModelServer()
    const { fetch } = server
    const client = open({ fetch, flushTimeoutMs: 5_000, ...(hasTimer && { flushIntervalMs: 30_000 }) })
    let calls = 0
    for (const { do: what, value } of steps) {
      if (what === 'record') client.increment('orders', 1, { n: calls++ })
      else if (what === 'say') server.settings = said[value]
      else if (what === 'break') server.fates.push({ status: value })
      else {
        if (what === 'flush') void client.flush()
        await later(value)
      }
      if (!client.stats().enabled) offs++
    }
    server.settings = undefined
    server.fates.length = 0
    // What holds is over, and so is any wait.
    await later(SETTINGS_TTL_MS + 400_000)
    const flushed = client.flush()
    await later(10_000)
    expect(await flushed).toEqual({ acknowledged: true })
    const { recorded, acknowledged, dropped, pending, enabled } = client.stats()
    const { rejected = 0, expired = 0 } = dropped
    expect([pending, enabled, acknowledged + rejected + expired]).toEqual([0, true, recorded])
    expect(Object.keys(server.totals()).filter((key) => key.startsWith('orders'))).toHaveLength(acknowledged)
    client.increment('orders')
    expect(client.stats().recorded).toBe(recorded + 1)
  }
  await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 40 }), fc.boolean(), check), {
    numRuns: 100,
  })
  expect(offs).toBeGreaterThan(0)
})
