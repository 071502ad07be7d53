import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DatadogConfig } from '../../../../worker/destinations/datadog/config.ts'
import { createDatadogExporter } from '../../../../worker/destinations/datadog/exporter.ts'
import type { ExportRequest, Snapshot, SnapshotSeries } from '../../../../worker/model/types.ts'
import { decodeDatadog, decodeSeries, decodeSketches } from './decode-datadog.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'
import { testDatadog } from './subjects.ts'
import { wideCounters } from '../wide-counters.ts'

const delta = (...series: readonly SnapshotSeries[]): Snapshot => ({ ...snapshotOf(...series), temporality: 'delta' })

const requestsOf = (
  changes: Partial<DatadogConfig>,
  ...series: readonly SnapshotSeries[]
): readonly ExportRequest[] => {
  const config = testConfig({ metrics: { latency: { buckets: [0, 0.5, 1, 2] } } })
  return createDatadogExporter(testDatadog(changes), config)
    .encode(delta(...series))
    .flatMap(({ requests }) => requests)
}

/** Every point as `name{tags} value`, in the order it is sent. */
const sent = (changes: Partial<DatadogConfig>, ...series: readonly SnapshotSeries[]): string[] =>
  requestsOf(changes, ...series)
    .flatMap(decodeSeries)
    .map(({ metric, tags, points }) => `${metric}{${tags.join(' ')}} ${points[0]!.value}`)

describe('datadog series', () => {
  it('sends a count with the window and a gauge without', () => {
    const series = [counterOf('checkout.clicks', 5, { service: 'shop', release: '1.4' }), gaugeOf('pharos.series', 3)]
    const [request] = requestsOf({ namespace: 'web', tags: { env: 'prod' } }, ...series)
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://api.datadoghq.example/api/v2/series',
      inDoubt: 'resend',
      headers: { 'content-type': 'application/json', 'user-agent': 'pharos-beacon' },
    })
    expect(new TextDecoder().decode(request!.body)).toBe(
      '{"series":[' +
        '{"metric":"web.checkout.clicks","type":1,"interval":10,"points":[{"timestamp":20,"value":5}],' +
        '"tags":["env:prod","service:shop","version:1.4"]},' +
        '{"metric":"web.pharos.series","type":3,"points":[{"timestamp":20,"value":3}],"tags":["env:prod"]}]}',
    )
  })

  it.each([
    ['whole seconds', [20_000, 30_000], { interval: 10 }],
    ['parts of seconds', [20_001, 30_999], { interval: 10 }],
    ['a short window', [29_900, 30_100], { interval: 1 }],
    ['a window within a second', [30_100, 30_900], { interval: 1 }],
  ])('has whole seconds for %s', (_what, [previousMs, timeMs], expected) => {
    const exporter = createDatadogExporter(testDatadog(), testConfig())
    const snapshot = { ...delta(counterOf('a', 1)), timeMs: timeMs!, previousMs: previousMs! }
    const [found] = exporter.encode(snapshot).flatMap(({ requests }) => requests.flatMap(decodeSeries))
    expect(found).toMatchObject({ ...expected, points: [{ timestamp: 30, value: 1 }] })
  })

  it('adds up what Datadog would take for one, for the last of equal points wins there', () => {
    const values = ['/Cart', '/cart', '/CART']
    const series = values.map((page, i) => counterOf('clicks', 2 ** i, { attributes: { page } }))
    expect(sent({}, ...series)).toEqual(['clicks{page:/cart} 7'])
    expect(sent({}, counterOf('a__b', 1), counterOf('a_b', 2), counterOf('_a_b', 4))).toEqual(['a_b{} 7'])
    // Names keep their case.
    expect(sent({}, counterOf('Clicks', 1), counterOf('clicks', 2))).toEqual(['Clicks{} 1', 'clicks{} 2'])
  })

  it('joins the url whether or not it ends with a slash', () => {
    const [request] = requestsOf({ url: 'https://api.datadoghq.eu/' }, counterOf('a', 1))
    expect(request!.url).toBe('https://api.datadoghq.eu/api/v2/series')
  })

  it('bounds the bytes of a request', () => {
    const requests = requestsOf({}, ...wideCounters(1_000))
    expect(requests.flatMap(decodeDatadog)).toHaveLength(1_000)
    expect(requests.map(({ body }) => body.length > 490_000).slice(0, -1)).not.toContain(false)
  })
})

describe('datadog counts', () => {
  const counts = { histograms: 'counts' } as const

  it('adds up a counter that is named like a part of a histogram', () => {
    const series = [histogramOf('latency', [1]), counterOf('latency.count', 2), counterOf('latency.sum', 4)]
    const expected = ['latency.bucket{lower_bound:0.5 upper_bound:1.0} 1', 'latency.count{} 3', 'latency.sum{} 5']
    expect(sent(counts, ...series)).toEqual(expected)
    expect(sent(counts, ...series.toReversed())).toEqual(expected)
    expect(requestsOf({ ...counts, maxSeriesPerRequest: 1 }, ...series)).toHaveLength(1)
    expect(series[1]!.total).toEqual([2])
  })

  it('keeps a page from writing into the buckets of a histogram', () => {
    const attributes = { lower_bound: '0.5', upper_bound: '1.0' }
    expect(sent(counts, counterOf('latency.bucket', 9, { attributes }), histogramOf('latency', [1]))).toContain(
      'latency.bucket{exported_lower_bound:0.5 exported_upper_bound:1.0} 9',
    )
  })

  it('sends nothing for no observation', () => {
    expect(requestsOf(counts, histogramOf('latency', []))).toEqual([])
    expect(requestsOf({}, histogramOf('latency', []))).toEqual([])
  })
})

describe('datadog sketches', () => {
  it('has exact count, sum and average, and bounds', () => {
    const [request] = requestsOf({}, histogramOf('latency', [0.5, 1, 4], { service: 'shop' }))
    expect(request).toMatchObject({ url: 'https://api.datadoghq.example/api/beta/sketches', inDoubt: 'drop' })
    const [sketch] = decodeSketches(request!)
    expect(sketch).toMatchObject({ metric: 'latency', tags: ['service:shop'], ts: 20, cnt: 3, sum: 5.5, max: 4 })
    expect(sketch!.min).toBe(2 ** (-1 - 1 / 256))
    expect(sketch).toMatchObject({ k: [1293, 1338, 1427], n: [1, 1, 1] })
  })

  it('adds up what falls on one name and one set of tags', () => {
    const series = ['A', 'a'].map((page) => histogramOf('latency', [1, 1], { attributes: { page } }))
    expect(requestsOf({}, ...series).flatMap(decodeSketches)).toMatchObject([{ tags: ['page:a'], cnt: 4, n: [4] }])
  })

  it('keeps sketches and series apart', () => {
    const requests = requestsOf({}, histogramOf('b', [1]), counterOf('a', 1), histogramOf('c', [1]))
    expect(requests.map(({ url }) => url.split('/').at(-1))).toEqual(['series', 'sketches'])
    expect(requests.map((request) => decodeDatadog(request).map(({ name }) => name))).toEqual([['a'], ['b', 'c']])
  })

  it('stays within its limit of sketches, and gives a request again from its keys', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z]{1,3}$/), { maxLength: 20 })
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 5 }), (all, maxSeriesPerRequest) => {
        const exporter = createDatadogExporter(testDatadog({ maxSeriesPerRequest }), testConfig())
        const snapshot = delta(...all.flatMap((name) => [histogramOf(name, [1, 2]), counterOf(`${name}.n`, 1)]))
        const requests = exporter.encode(snapshot).flatMap(({ requests }) => requests)
        const sketches: Decoded[] = []
        for (const request of requests) {
          const decoded = decodeDatadog(request)
          expect(decoded.length).toBeLessThanOrEqual(maxSeriesPerRequest)
          if (request.inDoubt === 'drop') sketches.push(...decoded)
          expect(exporter.encodeOnly(snapshot, 'values', new Set(request.keys))).toEqual([request])
        }
        expect(sketches.map(({ name }) => name)).toEqual([...all].sort())
      }),
    )
  })

  it('bounds the bytes of a request', () => {
    const values = Array.from({ length: 400 }, (_, i) => 1.5 ** (i % 50) * (1 + i / 400))
    const attributes = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`attribute${i}`, 'ж'.repeat(128)]))
    const series = Array.from({ length: 800 }, (_, i) =>
      histogramOf('a', values, { attributes: { ...attributes, attribute0: i } }),
    )
    const requests = requestsOf({}, ...series)
    expect(requests.length).toBeGreaterThan(1)
    expect(requests.flatMap(decodeSketches)).toHaveLength(800)
  })

  it('has the same bytes as before', () => {
    const [request] = requestsOf({}, histogramOf('a', [0, 1, 1, -3], { service: 'shop' }))
    expect(Buffer.from(request!.body).toString('base64')).toBe(
      'CkcKAWEiDHNlcnZpY2U6c2hvcDo0CBQQBBkSGj5UJwQIwCEAAAAAAADwPykAAAAAAADQvzEAAAAAAADwvzoFgRYA9BRCAwEBAg==',
    )
  })
})

describe('datadog answers', () => {
  const exporter = createDatadogExporter(testDatadog(), testConfig())
  const read = (status: number, body: string): unknown =>
    exporter.readAnswer({ status, header: () => undefined, body: new TextEncoder().encode(body) })

  it.each([
    [202, '{"errors":[]}', { type: 'accepted' }],
    [202, '{"errors":["late metrics","bad tag"]}', { type: 'accepted', warning: 'late metrics; bad tag' }],
    [202, 'not JSON', { type: 'accepted' }],
    [202, 'null', { type: 'accepted' }],
    [408, '{"errors":["Request timeout"]}', { type: 'retry' }],
    [500, '', { type: 'retry' }],
    [413, '{"errors":["Payload too large"]}', { type: 'refused' }],
  ])('%i %s', (status, body, verdict) => {
    expect(read(status, body)).toEqual(verdict)
  })

  it('asks with a request that holds nothing', () => {
    expect(exporter).toMatchObject({ resolutionMs: 1_000, maxAgeMs: 3_000_000, temporality: 'delta' })
    expect(exporter.probe).toMatchObject({ encoding: 'identity', keys: [] })
    expect(new TextDecoder().decode(exporter.probe!.body)).toBe('{"series":[]}')
  })
})

describe('sketches.generated.js', () => {
  it('is what pbf makes of sketches.proto', () => {
    const room = join(import.meta.dirname, '../../../../worker/destinations/datadog')
    const pbf = join(dirname(createRequire(import.meta.url).resolve('pbf')), 'bin/pbf')
    const made = execFileSync(process.execPath, [pbf, join(room, 'sketches.proto'), '--no-read'], {
      encoding: 'utf8',
    })
    expect(readFileSync(join(room, 'sketches.generated.js'), 'utf8')).toBe(made)
  })
})
