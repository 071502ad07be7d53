import { describe, expect, it } from 'vitest'
import { createPrometheusExporter } from '../../../../worker/destinations/prometheus/exporter.ts'
import type { Answer, ExportStep, SnapshotSeries, Verdict } from '../../../../worker/model/types.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import { decodeRemoteWrite2 } from './decode-remote-write-2.ts'
import {
  counterOf,
  gaugeOf,
  histogramOf,
  snapshotOf,
  testConfig,
  testDestination,
} from '../../../contract/snapshots.ts'

const config = testConfig({
  metrics: { 'search.duration': { help: 'How long a search took.', unit: 's', buckets: [1] } },
})
const exporter = createPrometheusExporter(testDestination({ version: '2.0' }), config)

const sent = (...series: readonly SnapshotSeries[]): string[] => exporter.encode(snapshotOf(...series)).flatMap(linesOf)

/** Every sample as `step start..time name{labels} value: type [unit] help`. */
const linesOf = ({ name: step, requests }: ExportStep): string[] =>
  requests.flatMap(decodeRemoteWrite2).map(({ name, labels, timeMs, startMs, value, type, unit, help }) => {
    const text = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
    return `${step} ${startMs}..${timeMs} ${name}{${text.join()}} ${value}: ${type} [${unit}] ${help}`
  })

describe('remote-write 2.0', () => {
  it('says what a series is and when it began, but not before its zero', () => {
    const options = { phase: 'new', startMs: 15_000 } as const
    expect(sent(counterOf('a', 5, options), gaugeOf('b', 2, options))).toEqual([
      'zeros 0..10000 a_total{} 0: METRIC_TYPE_COUNTER [] ',
      'values 15000..20000 a_total{} 5: METRIC_TYPE_COUNTER [] ',
      'values 0..20000 b{} 2: METRIC_TYPE_GAUGE [] ',
    ])
    expect(sent(histogramOf('search.duration', [0.5], { startMs: 15_000 }))).toEqual([
      'values 15000..20000 search_duration_seconds_bucket{le="1"} 1: METRIC_TYPE_HISTOGRAM [seconds] How long a search took.',
      'values 15000..20000 search_duration_seconds_bucket{le="+Inf"} 1: METRIC_TYPE_HISTOGRAM [seconds] How long a search took.',
      'values 15000..20000 search_duration_seconds_sum{} 0.5: METRIC_TYPE_HISTOGRAM [seconds] How long a search took.',
      'values 15000..20000 search_duration_seconds_count{} 1: METRIC_TYPE_HISTOGRAM [seconds] How long a search took.',
    ])
  })

  it.each([19_999, 20_000, 20_001])('gives a start only before the sample: %i', (startMs) => {
    const start = startMs < 20_000 ? startMs : 0
    expect(sent(counterOf('a', 5, { startMs }))).toEqual([
      `values ${start}..20000 a_total{} 5: METRIC_TYPE_COUNTER [] `,
    ])
  })

  it('ends a series without a start', () => {
    expect(sent(counterOf('a', 5, { phase: 'ending' }))).toEqual([
      'zeros 0..10000 a_total{} 5: METRIC_TYPE_COUNTER [] ',
      'values 0..19999 a_total{} stale: METRIC_TYPE_COUNTER [] ',
    ])
  })

  it('has the same bytes as before', () => {
    const [step] = exporter.encode(snapshotOf(counterOf('a', 1)))
    expect(Buffer.from(step!.requests[0]!.body).toString('base64')).toBe(
      'NHgiACIIX19uYW1lX18iB2FfdG90YWwqHQoCAQISEAkABQE88D8QoJwBGOgHKgIIATDoBw==',
    )
  })

  it('goes on in 1.0, the same otherwise', () => {
    const destination = testDestination({ version: '2.0', histograms: 'native', externalLabels: { env: 'test' } })
    const { fallback } = createPrometheusExporter(destination, config)
    const series = [counterOf('a', 1), histogramOf('search.duration', [1])]
    const first = createPrometheusExporter({ ...destination, version: '1.0' }, config)
    expect(fallback!.encode(snapshotOf(...series))).toEqual(first.encode(snapshotOf(...series)))
    expect([exporter.protocol, fallback!.protocol, fallback!.fallback]).toEqual([
      'remote-write 2.0',
      'remote-write 1.0',
      undefined,
    ])
  })

  it.each<[number, string | undefined, Verdict['type']]>([
    [204, 'samples', 'accepted'],
    [200, 'histograms', 'accepted'],
    [200, 'exemplars', 'accepted'],
    [204, undefined, 'unsupported'],
    [200, undefined, 'unsupported'],
    [415, undefined, 'unsupported'],
    [400, 'samples', 'refused'],
    [400, undefined, 'refused'],
    [404, undefined, 'refused'],
    [429, undefined, 'retry'],
    [500, 'samples', 'retry'],
    [503, undefined, 'retry'],
  ])('takes %i with the count of written %s for %s', (status, written, type) => {
    const name = `x-prometheus-remote-write-${written}-written`
    const header: Answer['header'] = (asked) => (asked === name ? '0' : undefined)
    expect(exporter.readAnswer({ status, header, body: new Uint8Array() })).toEqual({ type })
  })
})

describe.each(['1.0', '2.0'] as const)('native histograms in %s', (version) => {
  const decode = version === '1.0' ? decodeRemoteWrite : decodeRemoteWrite2
  const create = (histograms: 'native' | 'both') =>
    createPrometheusExporter(testDestination({ version, histograms }), config)
  const read = (histograms: 'native' | 'both', ...series: readonly SnapshotSeries[]) =>
    create(histograms)
      .encode(snapshotOf(...series))
      .flatMap(({ name: step, requests }) => requests.flatMap(decode).map((sample) => ({ step, ...sample })))

  it('has a bucket for each of ours, one index higher, of both signs', () => {
    const [found] = read('native', histogramOf('search.duration', [0, 1, 2, 2, 1024, -2, -4, -4, 1e-40]))
    expect(found).toMatchObject({
      step: 'values',
      name: 'search_duration_seconds',
      labels: {},
      timeMs: 20_000,
      value: 9,
      sum: 1_019 + 1e-40,
      histogram: {
        schema: 8,
        zeroThreshold: 2 ** -128,
        zeroCount: 2,
        // base^256 is 2.
        positive: [
          [0, 1],
          [256, 2],
          [2_560, 1],
        ],
        negative: [
          [256, 1],
          [512, 2],
        ],
      },
    })
  })

  it('begins with an empty one at the flush before, and ends with a marker', () => {
    const found = read('native', histogramOf('a', [1, 2], { phase: 'new' }), histogramOf('b', [4], { phase: 'ending' }))
    expect(found.map(({ step, name, timeMs, value, sum }) => [step, name, timeMs, value, sum])).toEqual([
      ['zeros', 'a', 10_000, 0, 0],
      ['zeros', 'b', 10_000, 1, 4],
      ['values', 'a', 20_000, 2, 3],
      ['values', 'b', 19_999, 'stale', undefined],
    ])
    expect(found[0]!.histogram).toEqual({
      schema: 8,
      zeroThreshold: 2 ** -128,
      zeroCount: 0,
      positive: [],
      negative: [],
    })
  })

  it('stands beside the classic one', () => {
    const found = read('both', histogramOf('search.duration', [0.5, 3]))
    expect(found.map(({ name, labels, value }) => [name, labels['le'], value])).toEqual([
      ['search_duration_seconds_bucket', '1', 1],
      ['search_duration_seconds_bucket', '+Inf', 2],
      ['search_duration_seconds_sum', undefined, 3.5],
      ['search_duration_seconds_count', undefined, 2],
      ['search_duration_seconds', undefined, 2],
    ])
  })

  it.each(['x.total', 'x.sum', 'x.count', 'x.bucket'])('never meets another series: %s', (name) => {
    const found = read('both', counterOf('x', 1), histogramOf('x', [1]), histogramOf(name, [1]))
    const places = found.map(({ name, labels }) => JSON.stringify([name, labels]))
    expect(new Set(places).size).toBe(places.length)
  })

  it('keeps the label VictoriaMetrics puts on buckets free', () => {
    const [found] = read('native', histogramOf('x', [1], { attributes: { vmrange: 'mine' } }))
    expect(found!.labels).toEqual({ exported_vmrange: 'mine' })
  })

  it('goes over to fractions where whole numbers end', () => {
    const huge = histogramOf('x', [0.5, 1, 2, 4])
    const { positive } = huge.total as { positive: Map<number, number> }
    for (const [i, index] of [...positive.keys()].entries()) positive.set(index, i % 2 ? 1 : 2 ** 53 - 1)
    const [found] = read('native', huge)
    expect(found!.histogram!.positive.map(([, count]) => count)).toEqual([2 ** 53 - 1, 1, 2 ** 53 - 1, 1])
  })

  it('is not tried again where they are switched off', () => {
    const verdict = (text: string): Verdict =>
      create('native').readAnswer({ status: 500, header: () => '1', body: new TextEncoder().encode(text) })
    expect(verdict('native histograms are disabled\n')).toEqual({ type: 'refused' })
    expect(verdict('no space left on device')).toEqual({ type: 'retry' })
  })
})
