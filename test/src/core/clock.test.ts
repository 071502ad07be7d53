import { afterEach, expect, it, vi } from 'vitest'
import { now, setClock } from '../../../src/core/clock.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('is ms since 1970, a whole number', () => {
  vi.stubGlobal('performance', { timeOrigin: 1_700_000_000_000.25, now: () => 12.5 })
  expect(now()).toBe(1_700_000_000_013)
})

it('goes on where the wall clock jumps', () => {
  const before = now()
  vi.spyOn(Date, 'now').mockReturnValue(0)
  expect(now()).toBeGreaterThanOrEqual(before)
  vi.spyOn(Date, 'now').mockReturnValue(before + 4 * 86_400_000)
  expect(now()).toBeLessThan(before + 86_400_000)
})

it('is the wall clock from when it is set', () => {
  const wallMs = now() + 4 * 86_400_000
  const wall = vi.spyOn(Date, 'now').mockReturnValue(wallMs)
  setClock()
  expect(now()).toBeGreaterThanOrEqual(wallMs)
  expect(now()).toBeLessThan(wallMs + 86_400_000)
  wall.mockRestore()
  setClock()
  expect(now()).toBeLessThan(wallMs)
})
