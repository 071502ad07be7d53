import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundExact } from '../../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../../src/protocol/histogram.ts'
import type { ExactSum, Histogram } from '../../../../src/protocol/types.ts'
import { groupBy, mergeSeries } from '../../../../worker/destinations/shared/merge-series.ts'
import type { SeriesPhase } from '../../../../worker/model/types.ts'
import { counterOf, histogramOf } from '../../../contract/snapshots.ts'

const phases = fc.constantFrom<SeriesPhase>('new', 'live', 'ending')

describe('mergeSeries', () => {
  it.each<[SeriesPhase[], SeriesPhase, keys: number[]]>([
    [['new'], 'new', [0]],
    [['ending'], 'ending', [0]],
    [['new', 'new'], 'new', [0, 1]],
    [['ending', 'ending'], 'ending', [0, 1]],
    [['new', 'live'], 'live', [0, 1]],
    [['live', 'ending'], 'live', [0]],
    [['ending', 'new', 'live'], 'live', [1, 2]],
    [['ending', 'new'], 'live', [1]],
  ])('of %j is %s, and stands for %j', (given, phase, indexes) => {
    const members = given.map((one, i) => counterOf(`a${i}`, 1, { phase: one }))
    const merged = mergeSeries(members)
    expect([merged.phase, merged.keys]).toEqual([phase, indexes.map((i) => members[i]!.key)])
  })

  it('adds every counter, from the earliest start on, and changes none', () => {
    const counters = fc.array(fc.tuple(fc.nat(2 ** 40), fc.nat(1_000), phases), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(counters, (given) => {
        const members = given.map(([value, startMs, phase], i) => counterOf(`a${i}`, value, { startMs, phase }))
        const before = structuredClone(members)
        const merged = mergeSeries(members)
        expect(roundExact(merged.total as ExactSum)).toBe(given.reduce((sum, [value]) => sum + value, 0))
        expect(merged.startMs).toBe(Math.min(...given.map(([, startMs]) => startMs)))
        expect(members).toEqual(before)
      }),
    )
  })

  it('adds every observation of histograms, and changes none', () => {
    const values = fc.array(fc.array(fc.integer({ min: -1_000, max: 1_000 })), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(values, (given) => {
        const members = given.map((one, i) => histogramOf(`a${i}`, one))
        const before = structuredClone(members)
        const total = mergeSeries(members).total as Histogram
        const all = given.flat()
        expect([countOf(total), roundExact(total.sum)]).toEqual([all.length, all.reduce((sum, one) => sum + one, 0)])
        expect(members).toEqual(before)
      }),
    )
  })
})

it('groupBy sorts groups by their id, and keeps the order within', () => {
  const series = ['b', 'a', 'c', 'a', 'b'].map((name, i) => counterOf(name, i))
  const groups = groupBy(series, (one) => one.series.name)
  expect(groups.map(([id, members]) => [id, members.map(({ total }) => roundExact(total as ExactSum))])).toEqual([
    ['a', [1, 3]],
    ['b', [0, 4]],
    ['c', [2]],
  ])
})
