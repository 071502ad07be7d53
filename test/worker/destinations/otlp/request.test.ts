import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeOtlp,
  maxItemBytes,
  type OtlpItem,
  type OtlpOptions,
} from '../../../../worker/destinations/otlp/request.ts'
import type { OtlpMetric } from '../../../../worker/destinations/otlp/series.ts'
import type { KeyValue, Resource } from '../../../../worker/destinations/otlp/messages.ts'
import { exponentialHistogram } from '../../../../worker/destinations/otlp/histograms.ts'
import type { ExportRequest, MetricKind } from '../../../../worker/model/types.ts'
import { anyValue, histogramOf } from '../../../support/arbitraries.ts'
import { normalizeOtlp, readOtlp } from './decode-otlp.ts'

const keyValue = (key: string, text: string): KeyValue => ({ key, value: { string_value: text } })
const resourceOf = (service: string): Resource => ({ attributes: [keyValue('service.name', service)] })
const metricOf = (kind: MetricKind, name: string): OtlpMetric => ({ kind, head: { name }, bounds: [0.5, 1] })

const times = { start_time_unix_nano: 1_700_000_000_000_000_001n, time_unix_nano: 1_700_000_000_000_000_003n }
const numberPoint = { attributes: [], ...times, as_double: 1.5 }
const explicitPoint = { attributes: [], ...times, count: 2 ** 53, sum: -1, bucket_counts: [2 ** 53, 0, 0], explicit_bounds: [0.5, 1] } // prettier-ignore

const read = (items: readonly OtlpItem[], options: Partial<OtlpOptions> = {}) => {
  const { encoding = 'json', temporality = 'cumulative' } = options
  const headers = { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' }
  return readOtlp({ body: encodeOtlp(items, { encoding, temporality }), headers } as unknown as ExportRequest)
}

/** The services, their metrics, and how many points each has. */
const outline = (items: readonly OtlpItem[]): unknown =>
  read(items).resourceMetrics?.map(({ resource, scopeMetrics }) => [
    resource!.attributes![0]!.value!.stringValue,
    ...scopeMetrics.flatMap(({ metrics }) =>
      metrics.map(({ name, gauge, sum, histogram }) => `${name} ${(gauge ?? sum ?? histogram)!.dataPoints.length}`),
    ),
  ])

describe('encodeOtlp', () => {
  const [shop, blog] = [resourceOf('shop'), resourceOf('blog')]
  const [a, b] = [metricOf('counter', 'a'), metricOf('gauge', 'b')]
  const item = (resource: Resource, metric: OtlpMetric): OtlpItem => ({ resource, metric, point: numberPoint })

  it.each<[string, OtlpItem[], unknown]>([
    ['nothing', [], []],
    ['points of one metric', [item(shop, a), item(shop, a)], [['shop', 'a 2']]],
    ['metrics of one resource', [item(shop, a), item(shop, b)], [['shop', 'a 1', 'b 1']]],
    ['resources', [item(shop, a), item(blog, a), item(blog, a)], [['shop', 'a 1'], ['blog', 'a 2']]],
    ['what does not follow each other', [item(shop, a), item(blog, a), item(shop, a)], [['shop', 'a 1'], ['blog', 'a 1'], ['shop', 'a 1']]],
  ])('groups %s', (_, items, expected) => {
    expect(outline(items)).toEqual(expected)
  }) // prettier-ignore

  it.each([
    ['delta', 1],
    ['cumulative', 2],
  ] as const)('says of sums and histograms that they are %s, and nothing of gauges', (temporality, number) => {
    const kinds = [metricOf('counter', 'a'), metricOf('gauge', 'b'), metricOf('histogram', 'c')]
    const items = kinds.map((metric) => ({ resource: shop, metric, point: metric.kind === 'histogram' ? explicitPoint : numberPoint })) // prettier-ignore
    const { metrics } = read(items, { temporality }).resourceMetrics![0]!.scopeMetrics[0]!
    expect(metrics).toMatchObject([
      { sum: { aggregationTemporality: number, isMonotonic: true } },
      { gauge: { dataPoints: [{ asDouble: 1.5 }] } },
      { histogram: { aggregationTemporality: number } },
    ])
    expect(metrics[1]!.gauge).not.toHaveProperty('aggregationTemporality')
  })

  it('has integers of 64 bits as text in JSON, exact, and all others as numbers', () => {
    const point = { ...explicitPoint, flags: 1 }
    const text = new TextDecoder().decode(encodeOtlp([{ resource: shop, metric: metricOf('histogram', 'c'), point }], { encoding: 'json', temporality: 'delta' })) // prettier-ignore
    expect(text).toContain(
      '{"attributes":[],"startTimeUnixNano":"1700000000000000001","timeUnixNano":"1700000000000000003",' +
        '"count":"9007199254740992","sum":-1,"bucketCounts":["9007199254740992","0","0"],"explicitBounds":[0.5,1],"flags":1}',
    )
  })
})

const anyText = fc.string({ unit: 'binary', maxLength: 30 })
const anyAttributes = fc.array(
  fc.tuple(anyText, anyText).map(([key, text]) => keyValue(key, text)),
  { maxLength: 5 },
)
const anyCount = fc.oneof(fc.nat(200), fc.constantFrom(2 ** 53 - 1, 127, 128))
const anyPoint = fc.oneof(
  fc.record({ attributes: anyAttributes, as_double: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  fc.record({ attributes: anyAttributes, flags: fc.constant(1) }),
  fc
    .record({ attributes: anyAttributes, bucket_counts: fc.array(anyCount, { minLength: 1, maxLength: 40 }) })
    .map((point) => ({
      ...point,
      count: 1,
      sum: 0.1,
      explicit_bounds: point.bucket_counts.slice(1).map((_, i) => i / 3),
    })),
  fc
    .tuple(anyAttributes, fc.array(anyValue, { maxLength: 30 }))
    .map(([attributes, values]) => ({ attributes, ...exponentialHistogram(histogramOf(values)) })),
)
const anyItem: fc.Arbitrary<OtlpItem> = fc
  .record({ attributes: anyAttributes, name: anyText, description: anyText, unit: anyText, point: anyPoint })
  .map(({ attributes, point, ...head }) => {
    const kind: MetricKind = 'count' in point ? 'histogram' : 'counter'
    return { resource: { attributes }, metric: { kind, head, bounds: [] }, point: { ...point, ...times } }
  })

describe('any request', () => {
  it('says the same in JSON as in protobuf', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 4 }), (items) => {
        const [json, protobuf] = (['json', 'protobuf'] as const).map((encoding) =>
          normalizeOtlp(read(items, { encoding })),
        )
        expect(json).toEqual(protobuf)
      }),
    )
  })

  it('has at most the bytes of its items where every bucket holds many', () => {
    const histogram = histogramOf(Array.from({ length: 160 }, (_, i) => 2 ** (i / 256 - 0.001)))
    for (const index of histogram.positive.keys()) histogram.positive.set(index, 2 ** 45)
    const point = { attributes: [], ...times, ...exponentialHistogram(histogram) }
    const item = { resource: resourceOf('shop'), metric: metricOf('histogram', 'h'), point }
    const options = { encoding: 'protobuf', temporality: 'cumulative' } as const
    expect(encodeOtlp([item], options).length).toBeLessThanOrEqual(maxItemBytes(item, options))
  })

  it.each(['json', 'protobuf'] as const)('has at most the bytes of its items: %s', (encoding) => {
    const options = { encoding, temporality: 'cumulative' } as const
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 4 }), (items) => {
        const most = items.reduce((bytes, item) => bytes + maxItemBytes(item, options), 0)
        expect(encodeOtlp(items, options).length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
