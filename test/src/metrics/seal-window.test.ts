import { expect, it } from 'vitest'
import { MAX_ENTRIES } from '../../../src/delivery/outbox-bounds.ts'
import { MANY_BATCHES, WINDOW_MS, windowMsFor } from '../../../src/metrics/seal-window.ts'

it.each([
  [0, WINDOW_MS],
  [MANY_BATCHES, WINDOW_MS],
  [MANY_BATCHES + 60, 2 * WINDOW_MS],
  [MANY_BATCHES + 600, 1_024 * WINDOW_MS],
])('while %i batches wait, a window is %i ms', (waiting, windowMs) => {
  expect(windowMsFor(waiting)).toBe(windowMs)
})

it('the outbox holds two hours of a page that records all the time', () => {
  let windows = 0
  for (let elapsedMs = 0; elapsedMs < 2 * 3_600_000; elapsedMs += windowMsFor(windows)) windows++
  expect(windows).toBeLessThan(MAX_ENTRIES)
})
