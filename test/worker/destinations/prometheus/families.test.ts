import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Family, type FamilyOptions, groupFamilies } from '../../../../worker/destinations/prometheus/families.ts'
import { NAMINGS } from '../../../../worker/destinations/prometheus/names.ts'
import { samplesOf } from '../../../../worker/destinations/prometheus/samples.ts'
import type { SeriesPhase, SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, type SeriesOptions, snapshotOf } from '../../../contract/snapshots.ts'

const options = { resourceLabels: { service: true, release: false }, externalLabels: {} }

const linesOf = (...series: readonly SnapshotSeries[]): string[] =>
  groupFamilies(snapshotOf(...series), {}, options).flatMap((family) =>
    family.series.flatMap((one) =>
      samplesOf(family, one).map(
        ({ name, labels, value }) =>
          `${name}{${labels.map((label) => `${label.name}=${label.value}`).join()}} ${value}`,
      ),
    ),
  )

describe('groupFamilies', () => {
  it('adds up what falls on one series', () => {
    const lines = linesOf(
      counterOf('a.b', 1, { release: '1' }),
      counterOf('a.b', 2, { release: '2' }),
      counterOf('a_b', 4),
      counterOf('a.b', 8, { attributes: { 'x.y': 1 } }),
      counterOf('a.b', 16, { attributes: { x_y: 1 } }),
      counterOf('a.b', 32, { service: 'shop' }),
    )
    expect(lines).toEqual(['a_b_total{} 7', 'a_b_total{service=shop} 32', 'a_b_total{x_y=1} 24'])
  })

  it('adds up without rounding on the way', () => {
    expect(linesOf(counterOf('a.b', 1e16), counterOf('a_b', 1), counterOf('a.B', 0), counterOf('a..b', 1))).toEqual([
      'a_B_total{} 0',
      'a_b_total{} 10000000000000002',
    ])
  })

  it('adds up histograms bucket by bucket, and leaves the totals as they were', () => {
    const first = histogramOf('h.x', [0.5, 3])
    const lines = linesOf(first, histogramOf('h_x', [0.5, 100]))
    expect(lines).toContain('h_x_bucket{le=0.5} 2')
    expect(lines).toContain('h_x_bucket{le=4} 3')
    expect(lines.slice(-3)).toEqual(['h_x_bucket{le=+Inf} 4', 'h_x_sum{} 104', 'h_x_count{} 4'])
    expect(first.total).toEqual(histogramOf('h.x', [0.5, 3]).total)
  })

  it('keeps a counter, a gauge and a histogram of one name apart', () => {
    const names = groupFamilies(snapshotOf(histogramOf('x', [1]), counterOf('x', 1), gaugeOf('x', 1)), {}, options)
    expect(names.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['gauge x', 'histogram x', 'counter x_total'])
  })

  it.each<[SeriesPhase, SeriesPhase, SeriesPhase, number]>([
    ['new', 'new', 'new', 2],
    ['new', 'live', 'live', 2],
    ['new', 'ending', 'live', 1],
    ['live', 'ending', 'live', 1],
    ['ending', 'ending', 'ending', 2],
  ])('%s and %s are %s, answering for %i', (...[one, other, phase, keys]) => {
    const [family] = groupFamilies(
      snapshotOf(counterOf('a.b', 1, { phase: one }), counterOf('a_b', 2, { phase: other })),
      {},
      options,
    )
    expect(family!.series).toHaveLength(1)
    expect(family!.series[0]).toMatchObject({ phase, total: [3] })
    expect(family!.series[0]!.keys).toHaveLength(keys)
  })

  it('takes the metadata of the first name, and the earliest start', () => {
    const metrics = {
      'h.x': { help: 'first', unit: 's', buckets: [1] },
      h_x: { help: 'second', unit: 's', buckets: [2] },
    }
    const series = [histogramOf('h_x', [1], { startMs: 5 }), histogramOf('h.x', [1], { startMs: 7 })]
    const [family] = groupFamilies(snapshotOf(...series), metrics, options)
    expect(family).toMatchObject({ name: 'h_x_seconds', help: 'first', unit: 'seconds', bounds: [1] })
    expect(family!.series[0]!.startMs).toBe(5)
  })

  it('finds what meets, whatever shortcut it takes when nothing can', () => {
    const name = fc.constantFrom(
      'a',
      'a.b',
      'a_b',
      'service',
      'exported_service',
      'exported.service',
      'env',
      '_x',
      'key_x',
    )
    const value = fc.constantFrom('1', '1;2')
    const resource = fc.constantFrom('', 'all')
    const someSeries = fc.uniqueArray(
      fc
        .tuple(
          fc.constantFrom('m', 'm', 'm', 'm_'),
          fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }),
          resource,
          resource,
        )
        .map(([metric, attributes, service, release]) => counterOf(metric, 1, { attributes, service, release })),
      { selector: ({ key }) => key, maxLength: 12 },
    )
    const someOptions = fc.record({
      resourceLabels: fc.record({ service: fc.boolean(), release: fc.boolean() }),
      externalLabels: fc.constantFrom({}, {}, { service: 'all' }, { env: '1' }),
      naming: fc.constantFrom(NAMINGS.legacy, NAMINGS.utf8),
      reserved: fc.constantFrom([], [], ['service']),
    })
    const textOf = (families: readonly Family[]): string[] =>
      families
        .flatMap(({ name, series }) =>
          series.map(({ labels, keys, total }) => JSON.stringify([name, labels, keys.toSorted(), total])),
        )
        .sort()
    fc.assert(
      fc.property(someSeries, someOptions, (series, options) => {
        const found = groupFamilies(snapshotOf(...series), {}, { ...options, areSeriesUnique: true })
        expect(textOf(found)).toEqual(textOf(groupFamilies(snapshotOf(...series), {}, options)))
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<[string, SeriesOptions, SeriesOptions, Partial<FamilyOptions>]>([
    ['two attributes of one label', { attributes: { 'a.b': 1 } }, { attributes: { a_b: 1 } }, {}],
    ['joined values', { attributes: { 'a.b': 1, a_b: 2 } }, { attributes: { a_b: '1;2' } }, {}],
    ['a moved attribute', { attributes: { service: 1 } }, { attributes: { exported_service: 1 } }, {}],
    ['services without a label', { service: 'shop' }, {}, { resourceLabels: { service: false, release: true } }],
    ['releases without a label', { release: '1' }, { release: '2' }, {}],
    ['a service from outside', { service: 'all' }, {}, { externalLabels: { service: 'all' } }],
  ])('finds what meets: %s', (...[, one, other, more]) => {
    const series = [counterOf('a', 1, one), counterOf('a', 2, other)]
    const [family] = groupFamilies(snapshotOf(...series), {}, { ...options, ...more, areSeriesUnique: true })
    expect(family!.series.map(({ total }) => total)).toEqual([[3]])
  })

  it('does not trust keys where series were renamed', () => {
    const renamed = { ...counterOf('b', 2), series: counterOf('a', 2).series }
    expect(linesOf(counterOf('a', 1), renamed)).toEqual(['a_total{} 3'])
  })

  it('does not depend on the order of the snapshot', () => {
    const series = [
      counterOf('b', 1),
      counterOf('a.b', 0.1),
      counterOf('a_b', 0.2),
      counterOf('a..b', 0.3),
      counterOf('a.b', 1, { attributes: { x: 1 } }),
      histogramOf('h', [1, 2]),
    ]
    const expected = linesOf(...series)
    fc.assert(
      fc.property(fc.shuffledSubarray(series, { minLength: series.length }), (shuffled) => {
        expect(linesOf(...shuffled)).toEqual(expected)
      }),
    )
  })
})
