// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askCourier, loadOnce } from '../../../src/core/load.ts'
import { createPageWithCourier, createTestPage } from './pages.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('loads once', async () => {
  const load = vi.fn<() => Promise<number>>(async () => 42)
  const part = loadOnce(load)
  expect(load).not.toHaveBeenCalled()
  expect(await Promise.all([part(), part()])).toEqual([42, 42])
  expect(await part()).toBe(42)
  expect(load).toHaveBeenCalledTimes(1)
})

it('loads again after a failure, with the next call that is not too soon', async () => {
  const load = vi.fn<() => Promise<number>>().mockRejectedValue(new Error('no such chunk'))
  const part = loadOnce(load)
  for (let i = 0; i < 3; i++) await expect(part()).rejects.toThrow('no such chunk')
  expect(load).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(load).toHaveBeenCalledTimes(1)
  load.mockResolvedValue(42)
  expect(await part()).toBe(42)
  expect(await part()).toBe(42)
  expect(load).toHaveBeenCalledTimes(2)
})

it('loads again at once when the network is back', async () => {
  const load = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(42)
  const part = loadOnce(load)
  await expect(part()).rejects.toThrow('offline')
  dispatchEvent(new Event('online'))
  expect(await part()).toBe(42)
  // What was loaded is not forgotten with the failure before it.
  dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await part()).toBe(42)
  expect(load).toHaveBeenCalledTimes(2)
})

it('leaves no listener behind, however often a part is missing', async () => {
  const listening = new Set<unknown>()
  vi.spyOn(globalThis, 'addEventListener').mockImplementation((_, listener) => void listening.add(listener))
  vi.spyOn(globalThis, 'removeEventListener').mockImplementation((_, listener) => void listening.delete(listener))
  const part = loadOnce(() => Promise.reject(new Error('no such chunk')))
  for (let i = 0; i < 20; i++) {
    await expect(part()).rejects.toThrow('no such chunk')
    expect(listening.size).toBe(1)
    await vi.advanceTimersByTimeAsync(10_000)
  }
  expect(listening.size).toBe(0)
  vi.restoreAllMocks()
})

it('asks the courier, and keeps its errors from the page', async () => {
  const { page, courier } = createPageWithCourier()
  const work = vi.fn<(it: unknown) => void>(() => {
    throw new Error('no')
  })
  askCourier(page, work)
  await vi.advanceTimersByTimeAsync(0)
  expect(work.mock.calls).toEqual([[courier]])
})

it('asks nobody where there is no courier', async () => {
  const work = vi.fn<() => void>()
  askCourier(createTestPage(), work)
  await vi.advanceTimersByTimeAsync(0)
  expect(work).not.toHaveBeenCalled()
})
