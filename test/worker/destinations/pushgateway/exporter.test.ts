import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPushgatewayExporter } from '../../../../worker/destinations/pushgateway/exporter.ts'
import type { ExportRequest, SnapshotSeries } from '../../../../worker/model/types.ts'
import { decodeExposition } from '../prometheus/decode-exposition.ts'
import { testPushgateway } from './pushgateway-destination.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const config = testConfig({ metrics: { h: { help: 'A "test"', buckets: [1] } } })
const exporter = createPushgatewayExporter(testPushgateway(), config)
const textOf = ({ body }: ExportRequest): string => new TextDecoder().decode(body)
const decode = (request: ExportRequest): string[] =>
  decodeExposition(textOf(request)).map(({ name, labels, value }) => `${name}${JSON.stringify(labels)} ${value}`)
const requestsOf = (...series: readonly SnapshotSeries[]): readonly ExportRequest[] =>
  exporter.encode(snapshotOf(...series)).flatMap(({ requests }) => requests)

describe('pushgateway', () => {
  it('puts everything, with help and type, without time stamps', () => {
    const destination = testPushgateway({
      url: 'http://pushgateway.example:9091/base/',
      job: 'web/shop',
      grouping: { instance: 'a b' },
      externalLabels: { env: 'test' },
      headers: { 'x-scope-orgid': 'me', 'content-type': 'text/html' },
    })
    const series = [histogramOf('h', [0.5]), counterOf('a', 5, { phase: 'new' }), gaugeOf('g', 1)]
    const steps = createPushgatewayExporter(destination, config).encode(snapshotOf(...series))
    expect(steps.map(({ name, requests }) => [name, requests.length])).toEqual([['values', 1]])
    const [request] = steps[0]!.requests
    expect(request).toMatchObject({
      method: 'PUT',
      url: 'http://pushgateway.example:9091/base/metrics/job@base64/d2ViL3Nob3A/instance/a%20b',
      headers: {
        'x-scope-orgid': 'me',
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'user-agent': 'pharos-beacon',
      },
      encoding: 'identity',
      inDoubt: 'resend',
    })
    expect(textOf(request!)).toBe(`# HELP a_total a
# TYPE a_total counter
a_total{env="test"} 5
# HELP g g
# TYPE g gauge
g{env="test"} 1
# HELP h A "test"
# TYPE h histogram
h_bucket{env="test",le="1"} 1
h_bucket{env="test",le="+Inf"} 1
h_sum{env="test"} 0.5
h_count{env="test"} 1
`)
  })

  it('leaves the labels of the group to the Pushgateway', () => {
    const destination = testPushgateway({ grouping: { service: 'all' }, externalLabels: { job: 'x', service: 'x' } })
    const series = [
      counterOf('a', 1, { service: 'shop', attributes: { job: 'cron' } }),
      counterOf('a', 2, { service: 'blog', attributes: { job: 'cron' } }),
    ]
    const [step] = createPushgatewayExporter(destination, config).encode(snapshotOf(...series))
    expect(decode(step!.requests[0]!)).toEqual([
      'a_total{"exported_job":"cron","exported_service":"blog"} 2',
      'a_total{"exported_job":"cron","exported_service":"shop"} 1',
    ])
  })

  it('leaves out what ends, and is done with it when that is accepted', () => {
    const series = [
      counterOf('a', 1),
      counterOf('a', 2, { phase: 'ending', service: 'shop' }),
      counterOf('b', 3, { phase: 'ending' }),
    ]
    const [request] = requestsOf(...series)
    expect(decode(request!)).toEqual(['a_total{} 1'])
    expect(request!.keys.toSorted()).toEqual(series.map(({ key }) => key).sort())
  })

  it('empties the group when the last series ends', () => {
    const ending = counterOf('a', 1, { phase: 'ending' })
    expect(requestsOf(ending)).toMatchObject([{ method: 'PUT', body: new Uint8Array(), keys: [ending.key] }])
  })

  it('has no limit of series: a PUT replaces the group', () => {
    const many = Array.from({ length: 50 }, (_, i) => counterOf('a', i, { attributes: { i } }))
    const small = createPushgatewayExporter(testPushgateway({ maxSeriesPerRequest: 1 }), config)
    expect(small.encode(snapshotOf(...many))[0]!.requests).toHaveLength(1)
  })

  it('has no zeros', () => {
    const series = counterOf('a', 1, { phase: 'new' })
    expect(exporter.encodeOnly(snapshotOf(series), 'zeros', new Set([series.key]))).toEqual([])
  })

  it('goes in parts of whole families, each with one part only', () => {
    const series = ['a', 'b', 'c', 'd'].flatMap((name) =>
      ['x', 'y', 'z'].map((service) => counterOf(name, 1, { service })),
    )
    const snapshot = snapshotOf(...series)
    const whole = decode(requestsOf(...series)[0]!)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: series.length - 1 }), (cut) => {
        const keys = requestsOf(...series)[0]!.keys
        const halves = [keys.slice(0, cut), keys.slice(cut)].map((half) =>
          exporter.encodeOnly(snapshot, 'values', new Set(half)),
        )
        const parts = halves.flat()
        for (const part of parts) {
          expect(part.method).toBe('POST')
          expect(exporter.encodeOnly(snapshot, 'values', new Set(part.keys)).map(textOf)).toEqual([textOf(part)])
        }
        expect(parts.flatMap(decode)).toEqual(whole)
        expect(parts.flatMap((part) => part.keys)).toEqual(keys)
        const names = parts.map((part) => new Set(decodeExposition(textOf(part)).map(({ name }) => name)))
        expect(names.reduce((sum, { size }) => sum + size, 0)).toBe(4)
      }),
    )
  })

  it('keeps what has one name in one part: the counter `x` and the histogram `x.total`', () => {
    const series = [counterOf('x', 1), histogramOf('x.total', [1])]
    const parts = series.map(({ key }) =>
      exporter.encodeOnly(snapshotOf(...series, counterOf('a', 1)), 'values', new Set([key])),
    )
    expect(parts.map(({ length }) => length)).toEqual([1, 0])
    expect(parts[0]![0]!.keys).toEqual(series.map(({ key }) => key))
  })

  it('cannot take a family away in parts: that waits for a PUT', () => {
    const series = [counterOf('a', 1), counterOf('b', 1, { phase: 'ending' })]
    const only = (key: string): readonly ExportRequest[] =>
      exporter.encodeOnly(snapshotOf(...series), 'values', new Set([key]))
    expect(only(series[1]!.key)).toEqual([])
    expect(only(series[0]!.key)).toMatchObject([{ method: 'POST', keys: [series[0]!.key] }])
  })
})
