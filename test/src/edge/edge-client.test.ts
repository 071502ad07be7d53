import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEdgeClient } from '../../../src/edge/edge-client.ts'
import type { EdgeOptions } from '../../../src/edge/options.ts'
import type { EdgeClient } from '../../../src/edge/types.ts'
import type { FlushResult } from '../../../src/core/types.ts'
import { createModelServer, type Fate, type ModelServer } from './model-server.ts'
import { finish } from './finish.ts'

const URL_ = 'https://edge.test/v1/beacon'

let server: ModelServer
const open = (options: Partial<EdgeOptions> = {}): EdgeClient =>
  createEdgeClient({ url: URL_, fetch: (url, init) => server.fetch(url, init), ...options })

const flush = (client: EdgeClient): Promise<FlushResult> => finish(client.flush())
const identities = (): string[] =>
  server.bodies.flatMap((body) => {
    const { groups } = JSON.parse(body) as { groups: { session: string; batches: [number][] }[] }
    return groups.flatMap(({ session, batches }) => batches.map(([sequence]) => `${session} ${sequence}`))
  })
/** So many series of a length that several batches, and several bodies, are needed. */
const recordMuch = (client: EdgeClient, series = 1_500): void => {
  for (let i = 0; i < series; i++) client.increment('much', 1, { i, padding: 'p'.repeat(100) })
}

beforeEach(() => {
  vi.useFakeTimers()
  server = createModelServer()
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('sending', () => {
  it('sends what was recorded in one request, and says that it is acknowledged', async () => {
    const client = open({ service: 'shop', release: '1.4.2', attributes: { region: 'weur' }, headers: { origin: 'https://a.test' } }) // prettier-ignore
    client.increment('orders')
    client.counter('orders').add(2)
    client.observe('size', 3, { big: true })
    client.histogram('size', { big: true }).record(4)
    const stop = client.time('took')
    await vi.advanceTimersByTimeAsync(250)
    stop()
    expect(client.stats()).toEqual({ recorded: 5, pending: 5, acknowledged: 0, dropped: {}, enabled: true })
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(client.stats()).toEqual({ recorded: 5, pending: 0, acknowledged: 5, dropped: {}, enabled: true })
    const resource = [['region', 'weur']]
    expect(JSON.parse(server.bodies[0]!)).toMatchObject({
      groups: [{ resource: { service: 'shop', release: '1.4.2', attributes: Object.fromEntries(resource) } }],
    })
    expect(server.totals()).toEqual({ 'orders[]': 3, 'size[["big","true"]]': [2, 7], 'took[]': [1, 0.25] })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({
      url: URL_,
      init: {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: 'https://a.test', 'content-type': 'text/plain;charset=UTF-8' },
      },
    })
  })

  it('is one session for as long as it lives: the edge remembers each', async () => {
    const client = open()
    for (let i = 0; i < 3; i++) {
      client.increment('orders')
      await flush(client)
    }
    const ids = identities().map((id) => id.split(' '))
    expect(new Set(ids.map(([session]) => session)).size).toBe(1)
    expect(ids.map(([, sequence]) => sequence)).toEqual(['1', '2', '3'])
  })

  it('needs no request where there is nothing to send', async () => {
    expect(await flush(open())).toEqual({ acknowledged: true })
    expect(server.requests).toEqual([])
  })

  it('splits what is too much for one body, within the limits', async () => {
    const client = open()
    recordMuch(client)
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.bodies.length).toBeGreaterThan(2)
    for (const body of server.bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536)
    expect(Object.keys(server.totals())).toHaveLength(1_500)
    expect(new Set(identities()).size).toBe(identities().length)
  })

  it('counts what was dropped, and sends the count along', async () => {
    const client = open()
    client.increment('pharos.orders')
    client.increment('orders', -1)
    client.increment('orders')
    await flush(client)
    expect(client.stats().dropped).toEqual({ bad_name: 1, bad_value: 1 })
    expect(server.totals()).toMatchObject({
      'orders[]': 1,
      'pharos.dropped[["reason","bad_name"],["where","page"]]': 1,
      'pharos.dropped[["reason","bad_value"],["where","page"]]': 1,
    })
  })

  it('records nothing after shutdown, and sends what came before', async () => {
    const client = open({ flushIntervalMs: 1_000 })
    const orders = client.counter('orders')
    orders.add()
    const done = client.shutdown()
    orders.add()
    expect(await finish(done)).toEqual({ acknowledged: true })
    client.increment('orders')
    await flush(client)
    expect(server.totals()).toEqual({ 'orders[]': 1 })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('what an answer means', () => {
  it.each<[string, Fate, number]>([
    ['the network is down', 'down', 2],
    ['the answer is lost', 'lost', 2],
    ['a stranger answers', { status: 200, isOfStranger: true }, 2],
    ['delivered twice', 'twice', 1],
    ['429', { status: 429 }, 2],
    ['503', { status: 503 }, 2],
    ['500', { status: 500 }, 2],
  ])('%s: counted once, under one identity', async (_, fate, requests) => {
    server.fates.push(fate)
    const client = open()
    client.increment('orders', 3)
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.totals()).toEqual({ 'orders[]': 3 })
    expect(server.requests).toHaveLength(requests)
    expect(new Set(identities()).size).toBe(1)
    expect(client.stats()).toMatchObject({ pending: 0, acknowledged: 1, dropped: {} })
  })

  it('waits as long as Retry-After says, and no request goes meanwhile', async () => {
    server.fates.push({ status: 503, retryAfter: '15' })
    const client = open()
    client.increment('orders')
    const done = client.flush()
    await vi.advanceTimersByTimeAsync(14_900)
    expect(server.requests).toHaveLength(1)
    expect(await finish(done)).toEqual({ acknowledged: true })
    expect(server.requests).toHaveLength(2)
  })

  it('gives up when the wait would be too long, and the next flush waits for it too', async () => {
    server.fates.push({ status: 429, retryAfter: '60' })
    const client = open()
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: false, reason: 'http_429' })
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: false, reason: 'paused' })
    expect(server.requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.totals()).toEqual({ 'orders[]': 2 })
  })

  it('tries once with a time of 0', async () => {
    server.fates.push('down')
    const client = open({ flushTimeoutMs: 0 })
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: false, reason: 'network' })
    expect(client.stats().pending).toBe(1)
  })

  it('does not ask again at once where Retry-After is 0', async () => {
    server.fates.push(...Array.from({ length: 5 }, (): Fate => ({ status: 503, retryAfter: '0' })))
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const client = open({ flushTimeoutMs: 6_000 })
    client.increment('orders')
    expect(await flush(client)).toMatchObject({ acknowledged: false })
    expect(server.requests.length).toBeLessThanOrEqual(3)
  })
})

describe('a worker that is away', () => {
  it('keeps totals, not a queue: what waits does not grow with time', async () => {
    server.fates.push(...Array<Fate>(10_000).fill('down'))
    const client = open({ flushTimeoutMs: 0 })
    for (let i = 0; i < 500; i++) {
      client.increment('orders')
      await flush(client)
      await vi.advanceTimersByTimeAsync(10_000)
    }
    server.fates.length = 0
    await vi.advanceTimersByTimeAsync(300_000)
    const before = server.requests.length
    expect(await flush(client)).toEqual({ acknowledged: true })
    // What was in doubt, and the rest.
    expect(server.requests.length - before).toBe(2)
    expect(server.totals()).toEqual({ 'orders[]': 500 })
  })

  it('drops what the edge would not take any more', async () => {
    server.fates.push('down')
    const client = open({ flushTimeoutMs: 0 })
    client.increment('orders')
    await flush(client)
    client.increment('orders')
    await vi.advanceTimersByTimeAsync(72 * 3_600_000 + 1)
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(client.stats()).toMatchObject({ acknowledged: 1, pending: 0, dropped: { expired: 1 } })
  })
})

describe('many at a time', () => {
  it('one sends, the others wait and go with the next', async () => {
    const client = open()
    const results = await finish(
      Promise.all(
        Array.from({ length: 50 }, () => {
          client.increment('orders')
          return client.flush()
        }),
      ),
    )
    expect(results.every(({ acknowledged }) => acknowledged)).toBe(true)
    expect(server.requests.length).toBeLessThanOrEqual(2)
    expect(server.totals()).toEqual({ 'orders[]': 50 })
  })

  it('do not wait for a worker that is away', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    server.fates.push(...Array<Fate>(100).fill('down'))
    const client = open()
    client.increment('orders')
    const first = client.flush()
    await vi.advanceTimersByTimeAsync(0)
    client.increment('orders')
    expect(await client.flush()).toEqual({ acknowledged: false, reason: 'paused' })
    expect(await finish(first)).toEqual({ acknowledged: false, reason: 'network' })
    const before = server.requests.length
    expect(await flush(client)).toEqual({ acknowledged: false, reason: 'network' })
    expect(server.requests.length - before).toBeLessThan(3)
  })

  it('but the last one waits for its turn, and tries though there is back-off', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    server.fates.push(...Array<Fate>(5).fill('down'))
    const client = open()
    client.increment('orders')
    void client.flush()
    await vi.advanceTimersByTimeAsync(0)
    client.increment('orders')
    expect(await finish(client.shutdown())).toEqual({ acknowledged: true })
    expect(server.totals()).toEqual({ 'orders[]': 2 })
  })

  it('survive one that was ended in the middle, as a Worker may be: its batches are sent again', async () => {
    server.fates.push('never')
    const client = open()
    client.increment('orders')
    void client.flush()
    await vi.advanceTimersByTimeAsync(1_000)
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.totals()).toEqual({ 'orders[]': 2 })
    expect(identities()[1]).toBe(identities()[0])
  })
})

describe('with an interval', () => {
  it('sends by itself, and only where there is something', async () => {
    const client = open({ flushIntervalMs: 5_000 })
    expect(vi.getTimerCount()).toBe(0)
    client.increment('orders')
    client.increment('orders')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(server.totals()).toEqual({ 'orders[]': 2 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([server.requests.length, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('goes on by itself after a failure', async () => {
    server.fates.push(...Array<Fate>(30).fill('down'))
    const client = open({ flushIntervalMs: 1_000, flushTimeoutMs: 0 })
    client.increment('orders')
    await vi.advanceTimersByTimeAsync(24 * 3_600_000)
    expect(server.totals()).toEqual({ 'orders[]': 1 })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes a host without timers, as the top of a Worker is', async () => {
    vi.stubGlobal('setTimeout', () => {
      throw new Error('Disallowed operation called within global scope.')
    })
    const client = open({ flushIntervalMs: 1_000 })
    client.increment('orders')
    expect(await client.flush()).toEqual({ acknowledged: true })
  })
})

it('neither draws randomness nor starts anything when it is made and recorded with', () => {
  const random = vi.spyOn(Math, 'random')
  const bytes = vi.spyOn(crypto, 'getRandomValues')
  open().increment('orders')
  expect([random.mock.calls.length, bytes.mock.calls.length, vi.getTimerCount(), server.requests.length]).toEqual([0, 0, 0, 0]) // prettier-ignore
})

const anyFate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constantFrom<Fate>('ok', 'ok', 'down', 'lost', 'twice', 'never'),
  fc.record({ status: fc.constantFrom(429, 500, 502, 503, 408), isOfStranger: fc.boolean() }),
  fc.record({ status: fc.constantFrom(200, 204, 301, 400, 403, 404, 413, 422), isOfStranger: fc.constant(true) }),
  fc.record({ status: fc.constant(503), retryAfter: fc.constantFrom('0', '1', '90', 'nonsense') }),
)

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('record'), value: fc.integer({ min: 1, max: 1_000 }), series: fc.nat(300) }),
  fc.record({ do: fc.constantFrom('flush', 'flush and go on'), value: fc.nat(0), series: fc.nat(0) }),
  fc.record({ do: fc.constant('wait'), value: fc.integer({ min: 1, max: 100_000 }), series: fc.nat(0) }),
)

it('whatever is lost, doubled, refused for now or never answered: the totals are what was recorded', async () => {
  vi.spyOn(console, 'warn').mockReturnValue(undefined)
  const plan = [fc.array(anyFate, { maxLength: 30 }), fc.array(anyStep, { minLength: 1, maxLength: 40 })] as const
  await fc.assert(
    fc.asyncProperty(...plan, async (fates, steps) => {
      server = createModelServer()
      server.fates.push(...fates)
      const client = open({ flushTimeoutMs: 5_000 })
      const recorded: Record<string, number> = {}
      let calls = 0
      for (const step of steps) {
        if (step.do === 'record') {
          const key = `orders[["s","${step.series}"]]`
          recorded[key] = (recorded[key] ?? 0) + step.value
          calls++
          client.increment('orders', step.value, { s: step.series })
        } else if (step.do === 'wait') await vi.advanceTimersByTimeAsync(step.value)
        else {
          void client.flush()
          if (step.do === 'flush') await vi.advanceTimersByTimeAsync(6_000)
        }
      }
      server.fates.length = 0
      // A last call that was ended counts as dead, and any wait is over.
      await vi.advanceTimersByTimeAsync(400_000)
      expect(await flush(client)).toEqual({ acknowledged: true })
      expect(server.totals()).toEqual(recorded)
      expect(client.stats()).toEqual({ recorded: calls, pending: 0, acknowledged: calls, dropped: {}, enabled: true })
    }),
    { numRuns: 150 },
  )
})
