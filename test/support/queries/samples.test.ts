import { describe, expect, it } from 'vitest'
import { increaseOf, longestGap, samplesOf, shortestRest } from './samples.ts'

/** Grows to 5, ends, and begins again. A sample a second, but for the end. */
const samples = [0, 2, 5, 5, 0, 3].map((value, i) => ({ timeMs: i < 4 ? i * 1_000 : i * 1_000 + 10_000, value }))

describe('increaseOf', () => {
  it.for([
    [-1, 20_000, 8],
    [0, 20_000, 8],
    [0, 999, 0],
    [0, 1_000, 2],
    [1_000, 2_000, 3],
    [2_000, 14_500, 0],
    [1_999, 15_000, 6],
  ])('from %i to %i is %i', ([fromMs, toMs, increase]) => {
    expect(increaseOf(samples, { fromMs: fromMs!, toMs: toMs! })).toBe(increase)
  })

  it('counts a first total that has no zero', () => {
    expect(increaseOf([{ timeMs: 5, value: 7 }], { fromMs: 0, toMs: 10 })).toBe(7)
  })
})

it('reads what a receiver stored, without stale markers', () => {
  const points = [
    [1.5, 3],
    [2, NaN],
  ] as const
  expect(samplesOf({ labels: {}, points })).toEqual([{ timeMs: 1_500, value: 3 }])
})

it('knows the rest before a return, and the longest gap while a total lives', () => {
  expect(shortestRest(samples)).toBe(12_000)
  expect(longestGap(samples)).toBe(1_000)
  expect(shortestRest(samples.slice(0, 4))).toBe(Infinity)
})
