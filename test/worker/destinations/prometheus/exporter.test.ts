import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPrometheusExporter } from '../../../../worker/destinations/prometheus/exporter.ts'
import type { ExportStep, SnapshotSeries } from '../../../../worker/model/types.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import {
  counterOf,
  gaugeOf,
  histogramOf,
  snapshotOf,
  testConfig,
  testDestination,
} from '../../../contract/snapshots.ts'

const config = testConfig({ metrics: { 'search.duration': { unit: 's', buckets: [0.5, 1] } } })
const exporter = createPrometheusExporter(testDestination({ externalLabels: { env: 'test' } }), config)

/** Every sample as `step time name{labels} value`, in the order it is sent. */
const sent = (...series: readonly SnapshotSeries[]): string[] => exporter.encode(snapshotOf(...series)).flatMap(linesOf)

const linesOf = ({ name: step, requests }: ExportStep): string[] =>
  requests.flatMap(decodeRemoteWrite).map(({ name, labels, timeMs, value }) => {
    const text = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
    return `${step} ${timeMs} ${name}{${text.join()}} ${value}`
  })

describe('remote-write', () => {
  it('sends a counter with its labels', () => {
    expect(
      sent(counterOf('checkout.clicks', 5, { service: 'shop', release: '1', attributes: { 'http.route': '/' } })),
    ).toEqual(['values 20000 checkout_clicks_total{env="test",http_route="/",release="1",service="shop"} 5'])
  })

  it('sends the zero of a new series at the flush before, in a step of its own', () => {
    const series = [counterOf('a', 5, { phase: 'new' }), counterOf('b', 1), gaugeOf('c', 7, { phase: 'new' })]
    expect(sent(...series)).toEqual([
      'zeros 10000 a_total{env="test"} 0',
      'values 20000 a_total{env="test"} 5',
      'values 20000 b_total{env="test"} 1',
      'values 20000 c{env="test"} 7',
    ])
  })

  it('sends every series of a histogram, zeros too', () => {
    expect(sent(histogramOf('search.duration', [0.25, 0.75, 4], { phase: 'new' }))).toEqual([
      'zeros 10000 search_duration_seconds_bucket{env="test",le="0.5"} 0',
      'zeros 10000 search_duration_seconds_bucket{env="test",le="1"} 0',
      'zeros 10000 search_duration_seconds_bucket{env="test",le="+Inf"} 0',
      'zeros 10000 search_duration_seconds_sum{env="test"} 0',
      'zeros 10000 search_duration_seconds_count{env="test"} 0',
      'values 20000 search_duration_seconds_bucket{env="test",le="0.5"} 1',
      'values 20000 search_duration_seconds_bucket{env="test",le="1"} 2',
      'values 20000 search_duration_seconds_bucket{env="test",le="+Inf"} 3',
      'values 20000 search_duration_seconds_sum{env="test"} 5',
      'values 20000 search_duration_seconds_count{env="test"} 3',
    ])
  })

  it('ends a series: its last value once more where the flush before was, then the marker, bit for bit', () => {
    expect(sent(counterOf('a', 5, { phase: 'ending' }), gaugeOf('g', 1, { phase: 'ending' }))).toEqual([
      'zeros 10000 a_total{env="test"} 5',
      'values 19999 a_total{env="test"} stale',
      'values 19999 g{env="test"} stale',
    ])
  })

  it('neither begins nor ends a series that another one shares', () => {
    const live = counterOf('a.b', 1)
    for (const phase of ['new', 'ending'] as const)
      expect(sent(live, counterOf('a_b', 2, { phase }))).toEqual(['values 20000 a_b_total{env="test"} 3'])
  })

  it('has labels in the order of bytes, the name among them', () => {
    const [step] = exporter.encode(snapshotOf(counterOf('a', 1, { attributes: { Z: 1, a: 1 } })))
    expect(() => decodeRemoteWrite(step!.requests[0]!)).not.toThrow()
  })

  it('keeps the series of a histogram together', () => {
    const small = createPrometheusExporter(testDestination({ maxSeriesPerRequest: 12 }), config)
    const series = Array.from({ length: 5 }, (_, i) => histogramOf('search.duration', [i], { attributes: { i } }))
    const [step] = small.encode(snapshotOf(...series))
    expect(step!.requests.map((request) => decodeRemoteWrite(request).length)).toEqual([10, 10, 5])
    const tiny = createPrometheusExporter(testDestination({ maxSeriesPerRequest: 1 }), config)
    expect(tiny.encode(snapshotOf(...series))[0]!.requests).toHaveLength(5)
  })

  it('bounds the bytes of a request', () => {
    const attributes = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`attribute${i}`, '€'.repeat(128)]))
    const series = Array.from({ length: 1_000 }, (_, i) =>
      counterOf('a', 1, { attributes: { ...attributes, attribute0: i } }),
    )
    const [step] = exporter.encode(snapshotOf(...series))
    expect(step!.requests.length).toBeGreaterThan(5)
    expect(step!.requests.flatMap(decodeRemoteWrite)).toHaveLength(1_000)
  })

  it('sends its own headers whatever the configuration says', () => {
    const headers = { 'x-scope-orgid': 'me', 'content-type': 'text/plain' }
    const [step] = createPrometheusExporter(testDestination({ headers }), config).encode(snapshotOf(counterOf('a', 1)))
    expect(step!.requests[0]!.headers).toEqual({
      'x-scope-orgid': 'me',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'user-agent': 'pharos-beacon',
      'x-prometheus-remote-write-version': '0.1.0',
    })
  })

  it('has the same bytes as before', () => {
    const [step] = exporter.encode(snapshotOf(counterOf('a', 1)))
    expect(Buffer.from(step!.requests[0]!.body).toString('base64')).toBe(
      'M8gKMQoTCghfX25hbWVfXxIHYV90b3RhbAoLCgNlbnYSBHRlc3QSDQkAAAAAAADwPxCgnAE=',
    )
  })
})

describe.each(['remote-write', 'remote-write-2'])('%s.generated.js', (name) => {
  it('is what pbf makes of its .proto', () => {
    const room = join(import.meta.dirname, '../../../../worker/destinations/prometheus')
    const pbf = join(dirname(createRequire(import.meta.url).resolve('pbf')), 'bin/pbf')
    const generated = execFileSync(process.execPath, [pbf, join(room, `${name}.proto`), '--no-read'], {
      encoding: 'utf8',
    })
    expect(readFileSync(join(room, `${name}.generated.js`), 'utf8')).toBe(generated)
  })
})
