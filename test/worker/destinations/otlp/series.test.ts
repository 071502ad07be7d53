import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OtlpConfig } from '../../../../worker/destinations/otlp/config.ts'
import { type OtlpSeries, otlpSeriesOf } from '../../../../worker/destinations/otlp/series.ts'
import { DEFAULT_BOUNDS } from '../../../../worker/destinations/shared/classic-histogram.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'
import { testOtlp } from './otlp-config.ts'

const metrics = { 'search.duration': { help: 'How long.', unit: 's', buckets: [0.5, 1] } }

interface Options {
  readonly config?: Partial<OtlpConfig>
  readonly resourceLabels?: { readonly service: boolean; readonly release: boolean }
}

const seriesOf = (series: readonly SnapshotSeries[], { config, resourceLabels }: Options = {}): OtlpSeries[] =>
  otlpSeriesOf(
    snapshotOf(...series),
    testOtlp(config),
    testConfig({ metrics, ...(resourceLabels && { resourceLabels }) }),
  )

const textOf = (attributes: OtlpSeries['attributes']): string =>
  attributes.map(({ key, value }) => `${key}=${value.string_value}`).join()

/** Each as `resource: name{attributes} total`. */
const linesOf = (series: readonly SnapshotSeries[], options: Options = {}): string[] =>
  seriesOf(series, options).map(
    ({ resource, metric, attributes, total }) =>
      `${textOf(resource.attributes)}: ${metric.head.name}{${textOf(attributes)}} ${JSON.stringify(total)}`,
  )

const shops = [
  counterOf('b', 1, { service: 'shop', release: '2' }),
  counterOf('b', 2, { service: 'blog', release: '9' }),
  counterOf('a', 3, { service: 'shop', release: '1' }),
  counterOf('a', 4, { service: 'shop', release: '2' }),
  counterOf('a', 5),
]

describe('the resource', () => {
  it.each<[string, SnapshotSeries[], Options, string[]]>([
    ['is one for each service and release, sorted', shops, {}, [
      'service.name=blog,service.version=9: b{} [2]',
      'service.name=shop,service.version=1: a{} [3]',
      'service.name=shop,service.version=2: a{} [4]',
      'service.name=shop,service.version=2: b{} [1]',
      'service.name=unknown_service: a{} [5]',
    ]],
    ['is one for all where service and release are no labels', shops, { resourceLabels: { service: false, release: false } }, [
      'service.name=unknown_service: a{} [12]',
      'service.name=unknown_service: b{} [3]',
    ]],
    ['has what is configured, after what the page says', shops.slice(3), { config: { resourceAttributes: { 'service.name': 'other', 'service.version': '0', zone: 'eu' } } }, [
      'service.name=other,service.version=0,zone=eu: a{} [5]',
      'service.name=shop,service.version=2,zone=eu: a{} [4]',
    ]],
    ['is never mixed with a metric of the name `service.version`', [
      counterOf('service.version', 1, { service: 'shop', attributes: { k: 'counter' } }),
      counterOf('k', 2, { service: 'shop', release: 'counter' }),
    ], {}, [
      'service.name=shop,service.version=counter: k{} [2]',
      'service.name=shop: service.version{k=counter} [1]',
    ]],
    ['comes in one piece, with metrics before and after `service.version`', [
      counterOf('a', 1, { service: 'shop' }),
      counterOf('k', 2, { service: 'shop', release: '1' }),
      counterOf('z', 3, { service: 'shop' }),
    ], {}, [
      'service.name=shop,service.version=1: k{} [2]',
      'service.name=shop: a{} [1]',
      'service.name=shop: z{} [3]',
    ]],
    ['of a page that says what is configured is the same', [counterOf('a', 1, { service: 'shop' }), counterOf('a', 2)], { config: { resourceAttributes: { 'service.name': 'shop' } } }, [
      'service.name=shop: a{} [3]',
    ]],
    ['does not meet another whose texts are equal when joined', [counterOf('a', 1, { service: 'x', release: 'y' }), counterOf('a', 2, { service: 'xy' })], {}, [
      'service.name=x,service.version=y: a{} [1]',
      'service.name=xy: a{} [2]',
    ]],
  ])('%s', (...[, series, options, lines]) => {
    expect(linesOf(series, options)).toEqual(lines)
  }) // prettier-ignore

  it('and the metric are the same object for all series that have them', () => {
    const pages = ['/', '/cart'].map((page) => counterOf('a', 1, { service: 'shop', attributes: { page } }))
    const [first, second, other] = seriesOf([...pages, counterOf('a', 1, { service: 'x' })])
    expect(first!.resource).toBe(second!.resource)
    expect([first!.metric, first!.metric]).toEqual([second!.metric, other!.metric])
    expect(first!.metric).toBe(other!.metric)
    expect(first!.resource).not.toBe(other!.resource)
  })
})

it('services that are no labels have one resource, the same object', () => {
  const series = [counterOf('a', 1, { service: 'x' }), counterOf('b', 1, { service: 'y' })]
  const [a, b] = seriesOf(series, { resourceLabels: { service: false, release: false } })
  expect(a!.resource).toBe(b!.resource)
})

describe('the attributes of a point', () => {
  const config = { resourceAttributes: { region: 'eu' } }
  it.each<[string, Record<string, string>, Options, string]>([
    ['stay as they are', { b: '2', a: '1', 'http.route': '/' }, {}, 'a=1,b=2,http.route=/'],
    ['have no name of the resource', { 'service.name': 'evil', region: 'mars', 'host.name': 'h' }, { config }, 'exported_region=mars,exported_service.name=evil,host.name=h'],
    ['have no name that another has', { 'service.name': 'evil', 'exported_service.name': 'worse' }, {}, 'exported_exported_service.name=evil,exported_service.name=worse'],
    ['have no name that another was given', { x: '1', exported_x: '2' }, { config: { resourceAttributes: { x: 'a', exported_x: 'b' } } }, 'exported_exported_exported_x=1,exported_exported_x=2'],
    ['have the name of a release that is no label', { 'service.version': '9', 'service.name': 'x' }, { resourceLabels: { service: true, release: false } }, 'exported_service.name=x,service.version=9'],
    ['have names that objects inherit', { constructor: 'x' }, { config }, 'constructor=x'],
  ])('%s', (...[, attributes, options, text]) => {
    expect(textOf(seriesOf([counterOf('a', 1, { attributes })], options)[0]!.attributes)).toBe(text)
  }) // prettier-ignore
})

describe('the metric', () => {
  it.each([
    [histogramOf('search.duration', [1]), { kind: 'histogram', head: { name: 'search.duration', description: 'How long.', unit: 's' }, bounds: [0.5, 1] }],
    [counterOf('constructor', 1), { kind: 'counter', head: { name: 'constructor' }, bounds: DEFAULT_BOUNDS }],
    [gaugeOf('pharos.export_lag', 1), { kind: 'gauge', head: { name: 'pharos.export_lag', description: 'Time since a destination last accepted a push.', unit: 's' } }],
  ])('has what is known of it: %#', (series, metric) => {
    expect(seriesOf([series])[0]!.metric).toMatchObject(metric)
  }) // prettier-ignore
})

it('does not depend on the order of the snapshot, and has every series once', () => {
  const series = [
    ...shops,
    gaugeOf('a', 1),
    histogramOf('a', [1, 2]),
    counterOf('a', 1, { attributes: { x: '1' } }),
    counterOf('a', 1, { attributes: { x: '2' } }),
  ]
  const expected = linesOf(series)
  fc.assert(
    fc.property(fc.shuffledSubarray(series, { minLength: series.length }), (shuffled) => {
      expect(linesOf(shuffled)).toEqual(expected)
      expect(
        seriesOf(shuffled)
          .flatMap(({ keys }) => keys)
          .toSorted(),
      ).toEqual(series.map(({ key }) => key).toSorted())
    }),
  )
})
