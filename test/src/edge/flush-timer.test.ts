import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createEdgeClient } from '../../../src/edge/edge-client.ts'
import { createFlushTimer } from '../../../src/edge/flush-timer.ts'
import { watchZones } from '../../support/zones.ts'
import { createModelServer } from './model-server.ts'

beforeEach(() => void vi.useFakeTimers())

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('runs once for each time it is armed, after the time that was said first', async () => {
  const work = vi.fn<() => void>()
  const timer = createFlushTimer(work)
  timer.arm(5_000)
  timer.arm(100)
  await vi.advanceTimersByTimeAsync(4_999)
  expect(work).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(work).toHaveBeenCalledTimes(1)
  timer.arm(100)
  await vi.advanceTimersByTimeAsync(100)
  expect(work).toHaveBeenCalledTimes(2)
})

it('does nothing after it was stopped, until it is armed again', async () => {
  const work = vi.fn<() => void>()
  const timer = createFlushTimer(work)
  timer.arm(5_000)
  timer.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([work.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0])
  timer.arm(5_000)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(work).toHaveBeenCalledTimes(1)
})

it('is armed again by its own work', async () => {
  let runs = 0
  const timer = createFlushTimer(() => ++runs < 3 && timer.arm(1_000))
  timer.arm(1_000)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(runs).toBe(3)
})

it('no timer of an edge client is in the zone of an Angular application, and no request', async () => {
  const zones = watchZones()
  const server = createModelServer()
  const zonesOfRequests: string[] = []
  server.fates.push('down', 'ok', 'down', 'ok', 'down')
  zones.inAngular(() => {
    const client = createEdgeClient({
      url: 'https://edge.test/v1/beacon',
      flushIntervalMs: 1_000,
      fetch: (url, init) => {
        zonesOfRequests.push(zones.current())
        return server.fetch(url, init)
      },
    })
    client.increment('orders')
    void vi.advanceTimersByTimeAsync(60_000).then(() => {
      client.increment('orders')
      void client.flush()
      void client.flush()
      return client.increment('orders')
    })
  })
  await vi.advanceTimersByTimeAsync(200_000)
  expect(server.totals()).toEqual({ 'orders[]': 3 })
  expect(new Set(zonesOfRequests)).toEqual(new Set(['root']))
  expect(zones.made.length).toBeGreaterThan(5)
  expect(new Set(zones.made)).toEqual(new Set(['setTimeout root']))
})
