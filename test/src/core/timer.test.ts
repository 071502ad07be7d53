import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startTimer } from '../../../src/core/timer.ts'
import { createPageWithCourier, entryOf } from './pages.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const waiting = () => ({ own: new Set([entryOf(1)]) })

/** A page whose courier is loaded only when it is asked. */
const start = (intervalMs: number, changes: Parameters<typeof createPageWithCourier>[0] = {}) => {
  const { page, courier } = createPageWithCourier(changes)
  delete page.courier
  const loads = vi.fn<() => Promise<typeof courier>>(async () => courier)
  Object.assign(page, { loadCourier: loads })
  startTimer(page, intervalMs)
  return { page, loads, ticks: () => courier.tick.mock.calls.length }
}

it('loads nothing while there is nothing to send', async () => {
  const { loads } = start(30_000)
  await vi.advanceTimersByTimeAsync(300_000)
  expect(loads).not.toHaveBeenCalled()
})

it.each([['what this page has recorded', waiting()]])('asks for %s at the interval', async (_, changes) => {
  const { ticks } = start(30_000, changes)
  await vi.advanceTimersByTimeAsync(29_999)
  expect(ticks()).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(ticks()).toBe(1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(ticks()).toBe(3)
})

it('asks a courier that is there each time', async () => {
  const { page, courier } = createPageWithCourier()
  startTimer(page, 1_000)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(courier.tick).toHaveBeenCalledTimes(3)
})

it('starts again with another interval, and runs once', async () => {
  const { page, ticks } = start(30_000, waiting())
  startTimer(page, 5_000)
  expect([vi.getTimerCount(), page.intervalMs]).toEqual([1, 5_000])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(ticks()).toBe(2)
})

it('goes on while the courier cannot be loaded', async () => {
  const { page, loads } = start(5_000, waiting())
  loads.mockRejectedValue(new Error('no such chunk'))
  await vi.advanceTimersByTimeAsync(15_000)
  expect(loads).toHaveBeenCalledTimes(3)
  clearInterval(page.timer)
  expect(vi.getTimerCount()).toBe(0)
})
