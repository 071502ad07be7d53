import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { scheduleIn } from '../../../worker/aggregator/schedule-in.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const create = () => {
  const sync = Promise.resolve()
  const waitUntil = vi.fn<(work: Promise<unknown>) => void>()
  const ctx = { waitUntil, storage: { sync: () => sync } } as unknown as DurableObjectState
  return { schedule: scheduleIn(ctx), waitUntil, sync }
}

it('calls once, after the delay, and keeps the object awake until the writes are done', () => {
  const { schedule, waitUntil, sync } = create()
  const callback = vi.fn<() => void>()
  schedule(callback, 50)
  vi.advanceTimersByTime(49)
  expect([callback.mock.calls.length, waitUntil.mock.calls.length]).toEqual([0, 0])
  vi.advanceTimersByTime(100)
  expect([callback.mock.calls.length, waitUntil.mock.calls]).toEqual([1, [[sync]]])
})

it('can be called off', () => {
  const { schedule, waitUntil } = create()
  const callback = vi.fn<() => void>()
  schedule(callback, 50)()
  vi.advanceTimersByTime(100)
  expect([callback.mock.calls.length, waitUntil.mock.calls.length]).toEqual([0, 0])
})
