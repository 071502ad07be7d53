// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { init } from '../../src/beacon.ts'
import { MANY_BATCHES, WINDOW_MS } from '../../src/metrics/seal-window.ts'
import type { WireEnvelope } from '../../src/protocol/types.ts'
import { resetPage, setVisibility } from '../support/page-events.ts'

const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()

beforeEach(() => {
  vi.useFakeTimers()
  resetPage()
  fetched.mockReset().mockRejectedValue(new TypeError('offline'))
  vi.stubGlobal('fetch', fetched)
  Object.defineProperty(navigator, 'sendBeacon', { configurable: true, value: () => true })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('a window has one timer', async () => {
  const beacon = init({ url: 'https://beacon.example/v1/beacon' })
  const before = vi.getTimerCount()
  for (let i = 0; i < 50; i++) beacon.increment('clicks')
  expect(vi.getTimerCount()).toBe(before + 1)
  await beacon.shutdown()
})

it('in the background, where timers are slow, a window ends with its task, until many batches wait', async () => {
  const beacon = init({ url: 'https://beacon.example/v1/beacon', flushIntervalMs: 86_400_000 })
  setVisibility('hidden')
  const before = vi.getTimerCount()
  const timersAfter = async (windows: number): Promise<number> => {
    for (let window = 0; window < windows; window++) {
      beacon.increment('ticks')
      await Promise.resolve()
    }
    return vi.getTimerCount() - before
  }
  // A write to the outbox has a timer of its own.
  vi.stubGlobal('indexedDB', undefined)
  expect(await timersAfter(MANY_BATCHES)).toBeLessThanOrEqual(1)
  const most = await timersAfter(1)
  expect(await timersAfter(1)).toBe(most + 1)
  await beacon.shutdown()
})

it('windows grow while batches wait', async () => {
  const beacon = init({ url: 'https://beacon.example/v1/beacon', flushIntervalMs: 86_400_000 })
  const clicks = beacon.counter('clicks')
  for (let window = 0; window < MANY_BATCHES + 120; window++) {
    clicks.add()
    await vi.advanceTimersByTimeAsync(4 * WINDOW_MS)
  }
  clicks.add()
  await vi.advanceTimersByTimeAsync(3 * WINDOW_MS)
  clicks.add()
  await vi.advanceTimersByTimeAsync(2 * WINDOW_MS)
  fetched.mockImplementation(async () => new Response(null, { status: 204 }))
  await beacon.flush()
  const bodies = fetched.mock.calls.map(([, { body }]) => JSON.parse(body as string) as WireEnvelope)
  const counters = bodies.flatMap(({ groups }) => groups.flatMap(({ batches }) => batches.map(([, , sums]) => sums)))
  expect(counters).toHaveLength(MANY_BATCHES + 121)
  expect(counters.at(-1)).toEqual([['clicks', 2]])
  await beacon.shutdown()
})
