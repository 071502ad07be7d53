import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOf, lowerScale } from '../../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../../src/protocol/types.ts'
import { sketchBins, type SketchBins } from '../../../../worker/destinations/datadog/sketch.ts'
import { anyValue, histogramOf } from '../../../support/arbitraries.ts'

// Written out anew from DataDog/datadog-agent, pkg/quantile/config.go: what a key stands for.
const GAMMA = 1.015625
const valueOf = (key: number): number => (key === 0 ? 0 : Math.sign(key) * GAMMA ** (Math.abs(key) - 1338))
const keyOf = (value: number): number => Math.round(Math.log(value) / Math.log(GAMMA)) + 1338

const baseOf = ({ scale }: Histogram): number => 2 ** (2 ** -scale)

/** The value of a rank, read from the bins. */
function readRank(histogram: Histogram, rank: number): number {
  const { keys, counts } = sketchBins(histogram)
  let below = 0
  const bin = counts.findIndex((count) => (below += count) > rank)
  return valueOf(keys[bin]!)
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)

/** Uniform in [0, 1), the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function lognormal(count: number, sigma: number, seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.exp(sigma * normal - 1)
  }).sort((a, b) => a - b)
}

describe('sketchBins', () => {
  it.each<[string, readonly number[], SketchBins]>([
    ['nothing', [], { keys: [], counts: [] }],
    ['one', [1], { keys: [1338], counts: [1] }],
    ['a zero', [0, 0], { keys: [0], counts: [2] }],
    ['both signs', [-2, -1, 1, 2], { keys: [-1383, -1338, 1338, 1383], counts: [1, 1, 1, 1] }],
    ['less than the smallest', [1e-12, -1e-12, 0], { keys: [0], counts: [3] }],
    ['the smallest', [9.95e-10], { keys: [1], counts: [1] }],
    ['more than the largest', [1e280, -1e280], { keys: [-32_766, 32_766], counts: [1, 1] }],
  ])('%s', (_what, values, bins) => {
    expect(sketchBins(histogramOf(values))).toEqual(bins)
  })

  it('puts a lone value where the agent would, but for a bucket across two keys', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-8, max: 1e200, noNaN: true }), (value) => {
        const [key] = sketchBins(histogramOf([value])).keys
        expect(Math.abs(key! - keyOf(value))).toBeLessThanOrEqual(1)
        expect(Math.abs(Math.log(valueOf(key!) / value))).toBeLessThan(
          Math.log(Math.sqrt(GAMMA * 2 ** (1 / 256))) + 1e-9,
        )
      }),
    )
  })

  it('loses no count and adds none, whatever the values and the scale', () => {
    const scales = fc.integer({ min: -4, max: 8 })
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 200 }), scales, (values, scale) => {
        const histogram = histogramOf(values)
        lowerScale(histogram, scale)
        const { keys, counts } = sketchBins(histogram)
        expect(total(counts)).toBe(countOf(histogram))
        expect(counts.every((count) => count > 0)).toBe(true)
        expect(keys).toEqual([...new Set(keys)].sort((a, b) => a - b))
      }),
    )
  })

  it('moves no value by more than a bucket and half a key, whatever the data', () => {
    const values = fc.array(fc.double({ min: 1e-8, max: 1e200, noNaN: true }), { minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(values, fc.integer({ min: -2, max: 8 }), (unsorted, scale) => {
        const sorted = unsorted.toSorted((a, b) => a - b)
        const histogram = histogramOf(sorted)
        lowerScale(histogram, scale)
        const bound = Math.log(Math.sqrt(GAMMA) * baseOf(histogram)) + 1e-9
        for (const [rank, value] of sorted.entries())
          expect(Math.abs(Math.log(readRank(histogram, rank) / value))).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    [1_000, 0.5],
    [10_000, 0.1],
    [10_000, 0.5],
    [10_000, 1.5],
  ])('keeps the quantiles of %i lognormal values of sigma %d within sqrt(gamma * base)', (count, sigma) => {
    for (let seed = 1; seed <= 20; seed++) {
      const values = lognormal(count, sigma, seed)
      const histogram = histogramOf(values)
      const bound = Math.sqrt(GAMMA * baseOf(histogram)) - 1
      for (const quantile of [0.5, 0.75, 0.9, 0.95, 0.99]) {
        const rank = Math.round(quantile * (count - 1))
        expect(Math.abs(readRank(histogram, rank) / values[rank]! - 1)).toBeLessThanOrEqual(bound)
      }
    }
  })
})

describe('the bins of a large histogram', () => {
  const positive = (buckets: readonly (readonly [number, number])[], scale: number): Histogram => ({
    ...histogramOf([]),
    scale,
    positive: new Map(buckets),
  })

  it('repeats a key beyond 16 bits, as the agent does', () => {
    expect(sketchBins(positive([[-1, 150_000]], 8))).toEqual({
      keys: [1338, 1338, 1338],
      counts: [65_535, 65_535, 18_930],
    })
  })

  it('uses all 32 bits when that would be too many bins', () => {
    const { keys, counts } = sketchBins(positive([[-1, 2 ** 40]], 8))
    expect(keys).toHaveLength(257)
    expect(Math.max(...counts)).toBe(2 ** 32 - 1)
    expect(total(counts)).toBe(2 ** 40)
  })

  it('merges the lowest of too many keys', () => {
    const buckets = Array.from({ length: 120 }, (_, i) => [i - 20, 10_000] as const)
    const { keys, counts } = sketchBins(positive(buckets, 0))
    expect(keys).toHaveLength(4_096)
    expect(total(counts)).toBe(1_200_000)
    // All of it above: 44.7 keys an octave.
    const top = keys.at(-1)!
    expect(top).toBe(keyOf(2 ** 100))
    expect(keys[0]).toBe(top - 4_095)
    expect(counts[0]).toBeGreaterThan(200_000)
    expect(Math.max(...counts.slice(1))).toBeLessThan(300)
  })
})
