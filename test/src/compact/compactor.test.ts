import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { compactor } from '../../../src/compact/compactor.ts'
import type { Cell } from '../../../src/core/types.ts'
import { histograms, increases } from '../../../src/protocol/decode-value.ts'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { MAX_VALUE } from '../../../src/protocol/limits.ts'
import { encodeHistogram } from '../../../src/protocol/wire.ts'
import { anyValue, histogramOf } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

const cellOf = (least: number, loose: readonly number[]): Cell => ({
  least,
  head: '["m",',
  tail: ']',
  calls: loose.length,
  whole: 0,
  loose: [...loose],
})

const counter = (loose: readonly number[]): Cell => cellOf(0, loose)
const histogram = (loose: readonly number[]): Cell => cellOf(-1, loose)

const partsIn = (text: string): number[] => [JSON.parse(text) as number | number[]].flat()

/** What the edge makes of a histogram, with the exact sum. */
const comparable = (text: string): unknown => {
  const [sum, ...rest] = JSON.parse(text) as [number | number[], ...unknown[]]
  return [unitsOf([sum].flat()), rest]
}

describe('a counter', () => {
  it('is the exact sum, however often it is folded', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyValue.map(Math.abs), { maxLength: 50 }), { maxLength: 5 }), (parts) => {
        const cell = counter([])
        for (const values of parts) {
          cell.loose.push(...values)
          compactor.fold(cell)
          expect(cell.loose).toEqual([])
        }
        const folded = parts.length ? partsIn(compactor.encodeFolded(cell)) : []
        expect(unitsOf(folded)).toBe(unitsOf(parts.flat()))
      }),
    )
  })
})

describe('a histogram', () => {
  it('is that of all its values, however often it is folded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyValue, { minLength: 1, maxLength: 50 }), { minLength: 2, maxLength: 5 }),
        (parts) => {
          const cell = histogram([])
          for (const values of parts) {
            cell.loose.push(...values)
            compactor.fold(cell)
          }
          const wanted = JSON.stringify(encodeHistogram(histogramOf(parts.flat())))
          expect(comparable(compactor.encodeFolded(cell))).toEqual(comparable(wanted))
        },
      ),
    )
  })

  it('is small, however many values it has', () => {
    const cell = histogram(Array.from({ length: 100_000 }, (_, i) => i / 7))
    compactor.fold(cell)
    expect(compactor.encodeFolded(cell).length).toBeLessThan(2_000)
  })
})

describe('more than the sum of one series may be', () => {
  it.each<[string, typeof counter, 'increases' | 'histograms']>([
    ['counter', counter, 'increases'],
    ['histogram', histogram, 'histograms'],
  ])('of a %s stays loose, and what is folded is what the edge takes', (_, make, kind) => {
    const cell = make([])
    for (let i = 0; i < 10_100; i++) {
      cell.loose.push(MAX_VALUE)
      compactor.fold(cell)
    }
    const folded = { increases, histograms }[kind].decode(JSON.parse(compactor.encodeFolded(cell)), 1)
    const sum = Array.isArray(folded) ? folded : folded!.sum
    expect(Math.round(roundExact(sum) / MAX_VALUE) + cell.loose.length).toBe(10_100)
    expect(cell.loose.length).toBeGreaterThan(0)
  })

  it('smaller values are folded all the same', () => {
    const cell = counter(Array.from({ length: 10_100 }, () => MAX_VALUE))
    compactor.fold(cell)
    const { length } = cell.loose
    cell.loose.push(0.5)
    compactor.fold(cell)
    expect(cell.loose).toHaveLength(length)
  })
})

/** A Firefox that closes ends the script where a loop begins its next round. */
it.each<[string, typeof counter, number]>([
  ['counter', counter, 2],
  ['histogram', histogram, 3],
])('a %s has every value once where folding is ended between two of them, and begun again', (_, make, stepsEach) => {
  const values = Array.from({ length: 300 }, (_, i) => i + 0.25)
  const whole = make(values)
  compactor.fold(whole)
  const cell = make(values)
  const { abs } = Math
  for (const rounds of [0, 1, 120]) {
    // Each value takes so many steps of this kind.
    let left = rounds * stepsEach
    const broken = vi.spyOn(Math, 'abs').mockImplementation((value) => {
      if (left-- < 1) throw new Error('the script ends')
      return abs(value)
    })
    expect(() => compactor.fold(cell)).toThrow('the script ends')
    broken.mockRestore()
  }
  compactor.fold(cell)
  expect(compactor.encodeFolded(cell)).toBe(compactor.encodeFolded(whole))
})
