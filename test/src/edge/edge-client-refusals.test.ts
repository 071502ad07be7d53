import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEdgeClient } from '../../../src/edge/edge-client.ts'
import type { EdgeOptions } from '../../../src/edge/options.ts'
import type { EdgeClient } from '../../../src/edge/types.ts'
import type { FlushResult } from '../../../src/core/types.ts'
import { createModelServer, type ModelServer } from './model-server.ts'
import { finish } from './finish.ts'

let server: ModelServer
const open = (options: Partial<EdgeOptions> = {}): EdgeClient =>
  createEdgeClient({ url: 'https://edge.test/v1/beacon', fetch: (url, init) => server.fetch(url, init), ...options })

const dropsOf = (reason: string): string => `pharos.dropped[["reason","${reason}"],["where","page"]]`

const flush = (client: EdgeClient): Promise<FlushResult> => finish(client.flush())

beforeEach(() => {
  vi.useFakeTimers()
  server = createModelServer()
})

afterEach(() => vi.useRealTimers())

describe('a refusal', () => {
  it.each([
    [400, 'rejected'],
    [403, 'rejected'],
    [413, 'too_large'],
    [422, 'rejected'],
  ])('%i, alone: dropped for good and counted as %s', async (status, reason) => {
    server.fates.push({ status })
    const client = open()
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: false, reason: `http_${status}` })
    expect(client.stats()).toEqual({
      recorded: 1,
      pending: 0,
      acknowledged: 0,
      dropped: { [reason]: 1 },
      enabled: true,
    })
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.totals()).toEqual({ 'orders[]': 1, [`pharos.dropped[["reason","${reason}"],["where","page"]]`]: 1 })
  })

  it.each([413, 400])('%i: smaller bodies, until the bad batch is found', async (status) => {
    server.refuse = (body) => (body.includes('"i":700,') ? status : undefined)
    const client = open()
    // So many series of a length that several batches, and several bodies, are needed.
    for (let i = 0; i < 1_500; i++) client.increment('much', 1, { i, padding: 'p'.repeat(100) })
    expect(await flush(client)).toEqual({ acknowledged: false, reason: `http_${status}` })
    const { acknowledged, dropped, pending } = client.stats()
    const [lost] = Object.values(dropped)
    expect([acknowledged + lost!, pending]).toEqual([1_500, 0])
    // No more than the one batch.
    expect(lost).toBeLessThanOrEqual(200)
    expect(Object.keys(server.totals()).filter((key) => key.startsWith('much'))).toHaveLength(acknowledged)
  })

  it.each([
    // Who sends: the same for every batch.
    [403, 1],
    [415, 1],
    // It might have been what else was in the batch.
    [422, 2],
    [413, 2],
  ])('%i, always: drops alone are not posted, and all of them are told once it is over', async (status, requests) => {
    server.refuse = () => status
    const client = open()
    client.increment('orders', -1)
    client.increment('orders')
    await flush(client)
    for (let i = 0; i < 20; i++) await flush(client)
    client.increment('orders', Number.NaN)
    for (let i = 0; i < 20; i++) expect(await flush(client)).toEqual({ acknowledged: true })
    expect(server.requests).toHaveLength(requests)
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: false, reason: `http_${status}` })
    for (let i = 0; i < 20; i++) await flush(client)
    expect(server.requests).toHaveLength(requests + 1)
    server.refuse = () => undefined
    client.increment('orders', 5)
    expect(await flush(client)).toEqual({ acknowledged: true })
    const refused = status === 413 ? 'too_large' : 'rejected'
    expect(server.totals()).toEqual({
      'orders[]': 5,
      'pharos.dropped[["reason","bad_value"],["where","page"]]': 2,
      [`pharos.dropped[["reason","${refused}"],["where","page"]]`]: 2,
    })
    expect(client.stats()).toMatchObject({ acknowledged: 1, pending: 0, dropped: { bad_value: 2, [refused]: 2 } })
    // As before: what is dropped is a reason to send.
    client.increment('orders', Number.NaN)
    await flush(client)
    expect(server.totals()).toMatchObject({ 'pharos.dropped[["reason","bad_value"],["where","page"]]': 3 })
  })

  it('with an interval: drops alone are not posted, and the next record is', async () => {
    server.refuse = () => 403
    const client = open({ flushIntervalMs: 1_000 })
    client.increment('orders')
    await vi.advanceTimersByTimeAsync(10_000)
    for (let i = 0; i < 10; i++) {
      client.increment('orders', Number.NaN)
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(server.requests).toHaveLength(1)
    server.refuse = () => undefined
    client.increment('orders')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(server.totals()).toMatchObject({
      'orders[]': 1,
      'pharos.dropped[["reason","bad_value"],["where","page"]]': 10,
    })
  })
})

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('record' as const), value: fc.constantFrom(1, 2, Number.NaN) }),
  fc.record({ do: fc.constant('flush' as const), value: fc.constant(0) }),
  fc.record({ do: fc.constant('answer' as const), value: fc.constantFrom(0, 403, 413, 415, 422, 503) }),
)

it('whatever is refused when: each record is counted once, in its series or as a drop', async () => {
  const check = async (steps: readonly { readonly do: 'record' | 'flush' | 'answer'; readonly value: number }[]) => {
    server = createModelServer()
    const client = open({ flushTimeoutMs: 0 })
    for (const { do: what, value } of steps)
      if (what === 'record') client.increment('orders', value)
      else if (what === 'answer' && value === 503) server.fates.push({ status: 503 })
      else if (what === 'answer') server.refuse = () => value || undefined
      else await flush(client)
    server.refuse = () => undefined
    server.fates.length = 0
    await vi.advanceTimersByTimeAsync(400_000)
    // What is accepted brings the rest along.
    client.increment('orders')
    expect(await flush(client)).toEqual({ acknowledged: true })
    await flush(client)
    const { dropped, recorded, acknowledged } = client.stats()
    const { bad_value: bad = 0, ...refused } = dropped
    const told = Object.entries(dropped).map(([reason, calls]) => [dropsOf(reason), calls])
    const { 'orders[]': _, ...drops } = server.totals()
    expect(drops).toEqual(Object.fromEntries(told))
    const kept = steps.filter(({ do: what, value }) => what === 'record' && value > 0).length + 1
    expect([recorded, bad]).toEqual([kept, steps.filter(({ value }) => Number.isNaN(value)).length])
    expect(acknowledged + Object.values(refused).reduce((sum, calls) => sum + calls, 0)).toBe(recorded)
  }
  await fc.assert(fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 30 }), check), { numRuns: 300 })
})
