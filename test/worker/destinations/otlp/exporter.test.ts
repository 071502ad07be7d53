import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OtlpConfig } from '../../../../worker/destinations/otlp/config.ts'
import { createOtlpExporter } from '../../../../worker/destinations/otlp/exporter.ts'
import type { ExportRequest, ExportStep, Snapshot, SnapshotSeries } from '../../../../worker/model/types.ts'
import { decodeOtlp, normalizeOtlp, readOtlp } from './decode-otlp.ts'
import { testOtlp } from './otlp-config.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const metrics = { 'search.duration': { help: 'How long.', unit: 's', buckets: [0.5, 1] } }

const encode = (series: readonly SnapshotSeries[], changes: Partial<OtlpConfig> = {}): readonly ExportStep[] => {
  const { temporality = 'cumulative' } = changes
  return createOtlpExporter(testOtlp(changes), testConfig({ metrics })).encode({
    ...snapshotOf(...series),
    temporality,
  })
}

const requestsOf = (series: readonly SnapshotSeries[], changes: Partial<OtlpConfig> = {}): ExportRequest[] =>
  encode(series, changes).flatMap(({ requests }) => requests)

/** Every point as `step start-time name{labels} value`, in the order it is sent. */
const sent = (series: readonly SnapshotSeries[], changes: Partial<OtlpConfig> = {}): string[] =>
  encode(series, changes).flatMap(({ name: step, requests }) =>
    requests.flatMap((request) => {
      const starts = allPoints(request).map(({ startTimeUnixNano = '0' }) =>
        Number(BigInt(startTimeUnixNano) / 1_000_000n),
      )
      return decodeOtlp(request).map(({ name, labels, timeMs, value, sum }, i) => {
        const { 'resource:service.name': _service, ...rest } = labels
        const text = Object.entries(rest).map(([label, text]) => `${label}="${text}"`)
        return `${step} ${starts[i]}-${timeMs} ${name}{${text.join()}} ${value}${sum === undefined ? '' : ` sum ${sum}`}`
      })
    }),
  )

const allMetrics = (request: ExportRequest) =>
  (readOtlp(request).resourceMetrics ?? []).flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) => metrics),
  )

const allPoints = (request: ExportRequest) =>
  allMetrics(request).flatMap(
    ({ gauge, sum, histogram, exponentialHistogram }) =>
      (gauge ?? sum ?? histogram ?? exponentialHistogram)?.dataPoints ?? [],
  )

describe('OTLP, cumulative', () => {
  it('sends the zero of a new series at the flush before, in a step of its own', () => {
    const begun = { phase: 'new', startMs: 15_000 } as const
    const series = [
      counterOf('a', 5, begun),
      counterOf('b', 1),
      gaugeOf('c', 7, begun),
      histogramOf('h', [0, 2, 3], begun),
    ]
    expect(sent(series)).toEqual([
      'zeros 10000-10000 a{} 0',
      'zeros 10000-10000 h{} 0 sum 0',
      'values 14999-20000 a{} 5',
      'values 999-20000 b{} 1',
      'values 0-20000 c{} 7',
      'values 14999-20000 h{} 3 sum 5',
    ])
  })

  it('keeps the start of a series, and never has it at or after the point', () => {
    const startOf = (startMs: number): string => sent([counterOf('a', 5, { startMs })])[0]!.split(' ')[1]!
    expect([1_000, 19_999, 20_000, 30_000].map(startOf)).toEqual([
      '999-20000',
      '19998-20000',
      '19999-20000',
      '19999-20000',
    ])
    // Begun long ago, when this destination was down.
    expect(sent([counterOf('a', 5, { phase: 'new' })])).toEqual(['zeros 999-10000 a{} 0', 'values 999-20000 a{} 5'])
  })

  it('ends a series: its last value once more where the flush before was, then none recorded', () => {
    const phase = 'ending'
    expect(sent([counterOf('a', 5, { phase }), gaugeOf('g', 1, { phase }), histogramOf('h', [1], { phase })])).toEqual([
      'zeros 999-10000 a{} 5',
      'zeros 999-10000 h{} 1 sum 1',
      'values 999-19999 a{} stale',
      'values 0-19999 g{} stale',
      'values 999-19999 h{} stale sum 1',
    ])
  })

  it('has the buckets of an explicit histogram in its zero and in its end too', () => {
    const buckets = (phase: 'new' | 'ending'): unknown =>
      encode([histogramOf('search.duration', [0.5, 0.75, 9], { phase })], { histograms: 'explicit' }).map(
        ({ requests }) =>
          allPoints(requests[0]!).map(({ bucketCounts, explicitBounds }) => [explicitBounds, bucketCounts]),
      )
    const total = [
      [
        [0.5, 1],
        ['1', '1', '1'],
      ],
    ]
    expect(buckets('new')).toEqual([
      [
        [
          [0.5, 1],
          ['0', '0', '0'],
        ],
      ],
      total,
    ])
    expect(buckets('ending')).toEqual([total, total])
  })
})

describe('OTLP, delta', () => {
  it('sends what was added from flush to flush, in one step', () => {
    const series = [counterOf('a', 5), gaugeOf('g', 7), histogramOf('h', [1, 2])]
    expect(sent(series, { temporality: 'delta' })).toEqual([
      'values 10000-20000 a{} 5',
      'values 0-20000 g{} 7',
      'values 10000-20000 h{} 2 sum 3',
    ])
    const kinds = requestsOf(series, { temporality: 'delta' }).flatMap(allMetrics)
    expect(kinds.map(({ sum, exponentialHistogram }) => (sum ?? exponentialHistogram)?.aggregationTemporality)).toEqual(
      [1, undefined, 1],
    )
  })
})

it('OTLP, resource: has what is configured, after what the page says', () => {
  const config = testOtlp({ resourceAttributes: { 'service.name': 'other', zone: 'eu' } })
  const series = [counterOf('a', 4, { service: 'shop', release: '2' }), counterOf('b', 1), counterOf('a', 5)]
  const [step] = createOtlpExporter(config, testConfig()).encode(snapshotOf(...series))
  const found = readOtlp(step!.requests[0]!).resourceMetrics!.map(({ resource, scopeMetrics }) => [
    resource!.attributes!.map(({ key, value }) => `${key}=${value!.stringValue}`).join(),
    scopeMetrics[0]!.metrics.map(({ name, sum }) => `${name} ${sum!.dataPoints[0]!.asDouble}`),
  ])
  expect(found).toEqual([
    ['service.name=other,zone=eu', ['a 5', 'b 1']],
    ['service.name=shop,service.version=2,zone=eu', ['a 4']],
  ])
})

describe('OTLP, requests', () => {
  it('has the headers and the content coding that are configured, but its own content-type', () => {
    const headers = { 'x-scope-orgid': 'me', 'content-type': 'text/plain' }
    const [request] = requestsOf([counterOf('a', 1)], { headers })
    expect(request).toMatchObject({ method: 'POST', encoding: 'gzip', inDoubt: 'resend' })
    expect(request!.headers).toEqual({
      'x-scope-orgid': 'me',
      'content-type': 'application/x-protobuf',
      'user-agent': 'pharos-beacon',
    })
    expect(requestsOf([counterOf('a', 1)], { compression: 'none' })[0]!.encoding).toBe('identity')
  })

  it('probes with a request that holds nothing', () => {
    const probeOf = (encoding: OtlpConfig['encoding']): ExportRequest =>
      createOtlpExporter(testOtlp({ encoding }), testConfig()).probe!
    expect(probeOf('protobuf')).toMatchObject({ keys: [], body: new Uint8Array() })
    expect(new TextDecoder().decode(probeOf('json').body)).toBe('{"resourceMetrics":[]}')
  })

  it.each(['protobuf', 'json'] as const)('bounds the bytes of a request: %s', (encoding) => {
    const attributes = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`attribute${i}`, '€'.repeat(128)]))
    const values = Array.from({ length: 160 }, (_, i) => 2 ** (i / 256 - 0.001))
    const series = Array.from({ length: 300 }, (_, i) => {
      const one = histogramOf('h', [...values, ...values.map((value) => -value)], { attributes: { ...attributes, i } })
      const { positive, negative } = one.total as { positive: Map<number, number>; negative: Map<number, number> }
      for (const buckets of [positive, negative]) for (const index of buckets.keys()) buckets.set(index, 2 ** 45)
      return one
    })
    for (const histograms of ['exponential', 'explicit'] as const) {
      const requests = requestsOf(series, { encoding, histograms })
      expect(requests.length).toBeGreaterThan(1)
      expect(Math.max(...requests.map(({ body }) => body.length))).toBeLessThanOrEqual(1_048_576)
      expect(requests.flatMap(({ keys }) => keys)).toHaveLength(300)
    }
  })

  it('says the same in JSON as in protobuf, to the nanosecond', () => {
    const anySeries = fc.array(
      fc.oneof(
        fc
          .tuple(fc.double({ min: 0, max: 1e290, noNaN: true }), fc.string())
          .map(([n, a]) => counterOf('c', n, { attributes: { a } })),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((n) => gaugeOf('pharos.g', n)),
        fc
          .tuple(
            fc.array(fc.double({ min: -1e290, max: 1e290, noNaN: true })),
            fc.constantFrom('new', 'live', 'ending'),
          )
          .map(([values, phase]) => histogramOf('search.duration', values, { phase })),
      ),
      { maxLength: 10 },
    )
    const times = fc.tuple(
      fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 }),
      fc.integer({ min: 2, max: 1e9 }),
    )
    fc.assert(
      fc.property(anySeries, times, (series, [previousMs, elapsedMs]) => {
        const snapshot: Snapshot = { ...snapshotOf(...series), previousMs, timeMs: previousMs + elapsedMs }
        for (const histograms of ['exponential', 'explicit'] as const) {
          const [json, protobuf] = (['json', 'protobuf'] as const).map((encoding) =>
            createOtlpExporter(testOtlp({ encoding, histograms }), testConfig({ metrics }))
              .encode(snapshot)
              .flatMap(({ requests }) => requests)
              .map((request) => normalizeOtlp(readOtlp(request))),
          )
          expect(json).toEqual(protobuf)
        }
      }),
    )
  })
})

describe('OTLP, golden', () => {
  const series = [
    counterOf('clicks', 5, { service: 'shop', attributes: { page: '/' } }),
    histogramOf('search.duration', [0, 0.25, 0.26], { service: 'shop' }),
  ]

  it('has the same bytes as before', () => {
    expect(Buffer.from(requestsOf(series)[0]!.body).toString('base64')).toBe(
      'Ct4BChgKFgoMc2VydmljZS5uYW1lEgYKBHNob3ASwQEKDwoNcGhhcm9zLWJlYWNvbhI4CgZjbGlja3M6LgooEcCHizsAAAAAGQDIF6gEAAAAIQAAAAAAABRA' +
        'OgsKBHBhZ2USAwoBLxACGAESdAoPc2VhcmNoLmR1cmF0aW9uEglIb3cgbG9uZy4aAXNSUwpPEcCHizsAAAAAGQDIF6gEAAAAIQMAAAAAAAAAKVK4HoXrUeA/' +
        'MBA5AQAAAAAAAABCFQiBCBIQAQAAAAAAAAAAAAAAAAAAAXEAAAAAAADwNxAC',
    )
  })

  it('has the same text as before', () => {
    expect(new TextDecoder().decode(requestsOf(series, { encoding: 'json' })[0]!.body)).toBe(
      '{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},' +
        '"scopeMetrics":[{"scope":{"name":"pharos-beacon"},"metrics":[{"name":"clicks","sum":{"dataPoints":[' +
        '{"attributes":[{"key":"page","value":{"stringValue":"/"}}],"startTimeUnixNano":"999000000",' +
        '"timeUnixNano":"20000000000","asDouble":5}],"aggregationTemporality":2,"isMonotonic":true}},' +
        '{"name":"search.duration","description":"How long.","unit":"s","exponentialHistogram":{"dataPoints":[' +
        '{"attributes":[],"startTimeUnixNano":"999000000","timeUnixNano":"20000000000","count":"3","sum":0.51,' +
        '"scale":8,"zeroCount":"1","zeroThreshold":2.938735877055719e-39,"positive":{"offset":-513,' +
        '"bucketCounts":["1","0","0","0","0","0","0","0","0","0","0","0","0","0","0","1"]}}],' +
        '"aggregationTemporality":2}}]}]}]}',
    )
  })
})

describe('generated code', () => {
  it.each([
    ['metrics', '--no-read'],
    ['response', '--no-write'],
  ])('is what pbf makes of %s.proto', (name, option) => {
    const room = join(import.meta.dirname, '../../../../worker/destinations/otlp')
    const pbf = join(dirname(createRequire(import.meta.url).resolve('pbf')), 'bin/pbf')
    const generated = execFileSync(process.execPath, [pbf, join(room, `${name}.proto`), option], { encoding: 'utf8' })
    expect(readFileSync(join(room, `${name}.generated.js`), 'utf8')).toBe(generated)
  })
})
