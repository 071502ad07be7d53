import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTagger } from '../../../../worker/destinations/datadog/names.ts'
import { groupSeries } from '../../../../worker/destinations/datadog/output-series.ts'
import { createBuckets, seriesOf } from '../../../../worker/destinations/datadog/series.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf } from '../../../contract/snapshots.ts'

interface Item {
  readonly metric: string
  readonly type: number
  readonly interval?: number
  readonly points: readonly [{ readonly timestamp: number; readonly value: number }]
  readonly tags: readonly string[]
}

const time = { timestampSeconds: 20, intervalSeconds: 10 }
const bucketsOf = createBuckets({ latency: { buckets: [0, 0.5, 1, 2] } })
const tagsOf = createTagger({ resourceLabels: { service: true, release: true }, tags: {}, reserved: [] })

const itemsOf = (...series: readonly SnapshotSeries[]): Item[] =>
  groupSeries(snapshotOf(...series), { namespace: '', histograms: 'counts' }, tagsOf)
    .flatMap((output) => seriesOf(output, time, bucketsOf))
    .map((json) => JSON.parse(json) as Item)

/** Each as `metric{tags} value`. */
const linesOf = (...series: readonly SnapshotSeries[]): string[] =>
  itemsOf(...series).map(({ metric, tags, points }) => `${metric}{${tags.join(' ')}} ${points[0].value}`)

describe('seriesOf', () => {
  it.each([
    ['a counter, with its window', counterOf('a', 5, { service: 's' }), { metric: 'a', type: 1, interval: 10, points: [{ timestamp: 20, value: 5 }], tags: ['service:s'] }],
    ['a counter of zero', counterOf('a', 0), { metric: 'a', type: 1, interval: 10, points: [{ timestamp: 20, value: 0 }], tags: [] }],
    ['a gauge, without', gaugeOf('g', -2.5), { metric: 'g', type: 3, points: [{ timestamp: 20, value: -2.5 }], tags: [] }],
  ])('writes %s', (_, series, item) => {
    expect(itemsOf(series)).toEqual([item])
  }) // prettier-ignore

  it('escapes what JSON must', () => {
    const output = { kind: 'counter', name: 'a"\\\n', tags: ['b:"\u2028'], members: [{ name: 'a', series: counterOf('a', 1) }], keys: [] } as const // prettier-ignore
    const [json] = seriesOf(output, time, bucketsOf)
    expect(JSON.parse(json!)).toMatchObject({ metric: output.name, tags: output.tags })
  })

  it.each([
    [[2 ** 53, 1, 1], 2 ** 53 + 2],
    [[1e16, 1, -1e16], 1],
    [[0.1, 0.2, 0.3], 0.6],
  ])('adds %j without rounding on the way', (values, sum) => {
    const series = values.map((value, i) => ({ ...counterOf('a', 1), total: [value], key: `${i}` }))
    expect(itemsOf(...series).map(({ points }) => points[0].value)).toEqual([sum])
  })

  it('gives a number beyond 2^53 an exponent, as Java reads it', () => {
    const [output] = groupSeries(snapshotOf(counterOf('a', 2 ** 63)), { namespace: '', histograms: 'counts' }, tagsOf)
    expect(seriesOf(output!, time, bucketsOf)[0]).toContain('"value":9.223372036854776e+18}')
  })
})

describe('a histogram as counts', () => {
  it('has buckets that are not cumulative, and none that is empty', () => {
    expect(linesOf(histogramOf('latency', [-1, 0.25, 0.5, 4], { attributes: { page: '/' } }))).toEqual([
      'latency.bucket{lower_bound:-inf page:/ upper_bound:0} 1',
      'latency.bucket{lower_bound:0 page:/ upper_bound:0.5} 2',
      'latency.bucket{lower_bound:2.0 page:/ upper_bound:inf} 1',
      'latency.count{page:/} 4',
      'latency.sum{page:/} 3.75',
    ])
  })

  it('is nothing without an observation, but for the counters that are named like parts of it', () => {
    const empty = histogramOf('latency', [])
    expect(linesOf(empty)).toEqual([])
    expect(linesOf(empty, counterOf('latency.sum', 4), counterOf('latency.count', 2))).toEqual([
      'latency.count{} 2',
      'latency.sum{} 4',
    ])
  })

  it('has counters that are named like parts of it added up, and changes none of them', () => {
    const series = [histogramOf('latency', [1]), counterOf('latency.count', 2), counterOf('latency.sum', 4)]
    const before = structuredClone(series)
    const lines = ['latency.bucket{lower_bound:0.5 upper_bound:1.0} 1', 'latency.count{} 3', 'latency.sum{} 5']
    expect(linesOf(...series)).toEqual(lines)
    expect(linesOf(...series.toReversed())).toEqual(lines)
    expect(series).toEqual(before)
  })

  it('has buckets that add up to its count, and the sum of all observations', () => {
    const values = fc.array(
      fc.integer({ min: -8, max: 64 }).map((n) => n / 16),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 3 }), (all) => {
        // One tag for Datadog: in lower case, and without what is not allowed at the end.
        const pages = ['a', 'A', 'a '].slice(0, all.length)
        const found = itemsOf(...all.map((one, i) => histogramOf('latency', one, { attributes: { page: pages[i]! } })))
        const total = (suffix: string) =>
          found.filter(({ metric }) => metric.endsWith(suffix)).reduce((sum, { points }) => sum + points[0].value, 0)
        expect(total('.bucket')).toBe(all.flat().length)
        expect(total('.count')).toBe(all.flat().length)
        expect(total('.sum')).toBe(all.flat().reduce((sum, value) => sum + value, 0))
        expect(found.every(({ metric, points }) => !metric.endsWith('.bucket') || points[0].value > 0)).toBe(true)
      }),
    )
  })
})

describe('createBuckets', () => {
  it.each<[string, number[], string[]]>([
    ['whole and broken', [0, 0.5, 1], ['-inf', '0', '0.5', '1.0', 'inf']],
    ['below zero', [-2.5, -1], ['-inf', '-2.5', '-1.0', 'inf']],
    ['tiny', [0.00001], ['-inf', '1e-05', 'inf']],
    ['huge', [1e21], ['-inf', '1e21.0', 'inf']],
  ])('writes bounds that are %s as OpenTelemetry’s exporter does', (_, bounds, edges) => {
    const { tags } = createBuckets({ m: { buckets: bounds } })('m')
    expect(tags).toEqual(edges.slice(1).map((upper, i) => [`lower_bound:${edges[i]}`, `upper_bound:${upper}`]))
  })

  it('cuts a metric of no known buckets into the default ones, which are ascending', () => {
    const { bounds, tags } = bucketsOf('unknown')
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b))
    expect(tags).toHaveLength(bounds.length + 1)
    expect(bucketsOf('unknown')).toBe(bucketsOf('unknown'))
  })
})
