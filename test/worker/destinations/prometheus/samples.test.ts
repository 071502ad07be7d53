import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupFamilies } from '../../../../worker/destinations/prometheus/families.ts'
import { type Sample, samplesOf } from '../../../../worker/destinations/prometheus/samples.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf } from '../../../contract/snapshots.ts'

const options = { resourceLabels: { service: true, release: true }, externalLabels: {} }

function samplesIn(series: SnapshotSeries, buckets: readonly number[] = [0.5, 1]): Sample[] {
  const [family] = groupFamilies(snapshotOf(series), { h: { buckets } }, options)
  return samplesOf(family!, family!.series[0]!)
}

const linesOf = (...args: Parameters<typeof samplesIn>): string[] =>
  samplesIn(...args).map(
    ({ name, labels, value }) => `${name}{${labels.map((one) => `${one.name}=${one.value}`).join()}} ${value}`,
  )

describe('the samples of a series', () => {
  it.each<[string, SnapshotSeries, string[]]>([
    ['counter', counterOf('c', 5, { service: 's' }), ['c_total{service=s} 5']],
    ['counter of zero', counterOf('c', 0), ['c_total{} 0']],
    ['counter of a sum in parts', { ...counterOf('c', 1), total: [2 ** -60, 1, 2 ** 53] }, [`c_total{} ${2 ** 53 + 2}`]],
    ['gauge below zero', gaugeOf('g', -7), ['g{} -7']],
    ['histogram', histogramOf('h', [-1, 0.5, 0.75, 9]), ['h_bucket{le=0.5} 2', 'h_bucket{le=1} 3', 'h_bucket{le=+Inf} 4', 'h_sum{} 9.25', 'h_count{} 4']],
    ['histogram of nothing', histogramOf('h', []), ['h_bucket{le=0.5} 0', 'h_bucket{le=1} 0', 'h_bucket{le=+Inf} 0', 'h_sum{} 0', 'h_count{} 0']],
    ['histogram, le among its labels', histogramOf('h', [9], { attributes: { a: '1', z: '2' } }), ['h_bucket{a=1,le=0.5,z=2} 0', 'h_bucket{a=1,le=1,z=2} 0', 'h_bucket{a=1,le=+Inf,z=2} 1', 'h_sum{a=1,z=2} 9', 'h_count{a=1,z=2} 1']],
  ])('that is a %s', (_, series, lines) => {
    expect(linesOf(series)).toEqual(lines)
  }) // prettier-ignore

  it('has buckets that never fall, and a count that is the last of them', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 50 })
    const bounds = fc
      .uniqueArray(
        fc.double({ min: -100, max: 100, noNaN: true }).map((bound) => bound + 0),
        { maxLength: 8, minLength: 1 },
      )
      .map((all) => all.toSorted((a, b) => a - b))
    fc.assert(
      fc.property(values, bounds, (values, bounds) => {
        const samples = samplesIn(histogramOf('h', values), bounds)
        const counts = samples.filter(({ name }) => name === 'h_bucket').map(({ value }) => value)
        expect(counts).toHaveLength(bounds.length + 1)
        expect(counts).toEqual(counts.toSorted((a, b) => a - b))
        expect([counts.at(-1), samples.at(-1)!.value]).toEqual([values.length, values.length])
        expect(new Set(samples.map(({ name, labels }) => JSON.stringify([name, labels]))).size).toBe(samples.length)
      }),
    )
  })
})
