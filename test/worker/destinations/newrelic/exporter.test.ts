import { describe, expect, it } from 'vitest'
import type { NewRelicConfig } from '../../../../worker/destinations/newrelic/config.ts'
import { createNewRelicExporter } from '../../../../worker/destinations/newrelic/exporter.ts'
import type { ExportRequest, Snapshot, SnapshotSeries } from '../../../../worker/model/types.ts'
import { decodeNewRelic } from './decode-newrelic.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'
import { testNewRelic } from './subjects.ts'
import { wideCounters } from '../wide-counters.ts'

const delta = (...series: readonly SnapshotSeries[]): Snapshot => ({ ...snapshotOf(...series), temporality: 'delta' })

const requestsOf = (changes: Partial<NewRelicConfig>, ...series: readonly SnapshotSeries[]): readonly ExportRequest[] =>
  createNewRelicExporter(testNewRelic(changes), testConfig())
    .encode(delta(...series))
    .flatMap(({ requests }) => requests)

const read = (changes: Partial<NewRelicConfig>, ...series: readonly SnapshotSeries[]) =>
  requestsOf(changes, ...series).flatMap(decodeNewRelic)

/** Attributes no page could send, but a mapping can. */
const withAttributes = (one: SnapshotSeries, attributes: Readonly<Record<string, string>>): SnapshotSeries => ({
  ...one,
  series: { ...one.series, attributes: Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)) },
})

describe('newrelic', () => {
  it('sends a window as New Relic documents it', () => {
    const [request] = requestsOf(
      { commonAttributes: { environment: 'production' } },
      counterOf('checkout.clicks', 5, { service: 'shop', release: '1.4', attributes: { 'http.route': '/cart' } }),
      gaugeOf('pharos.series', 3),
      histogramOf('search.duration', [0, 0.5, 4]),
    )
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://metric-api.newrelic.example/metric/v1',
      headers: { 'content-type': 'application/json', 'user-agent': 'pharos-beacon' },
      encoding: 'gzip',
    })
    expect(new TextDecoder().decode(request!.body)).toBe(
      '[{"common":{"timestamp":10000,"interval.ms":10000,"attributes":{"environment":"production"}},"metrics":[' +
        '{"name":"checkout.clicks","type":"count","value":5,' +
        '"attributes":{"http.route":"/cart","service.name":"shop","service.version":"1.4"}},' +
        '{"name":"pharos.series","type":"gauge","timestamp":20000,"value":3},' +
        '{"name":"search.duration","type":"summary","value":{"count":3,"sum":4.5,"min":0,"max":4}}]}]',
    )
  })

  it.each(['resend', 'drop'] as const)('does with a request in doubt what the operator chose: %s', (inDoubt) => {
    expect(requestsOf({ inDoubt }, counterOf('a', 1))[0]!.inDoubt).toBe(inDoubt)
  })

  it('sends no summary of nothing', () => {
    expect(requestsOf({}, histogramOf('latency', []))).toEqual([])
    expect(read({}, histogramOf('latency', []), counterOf('a', 0))).toMatchObject([{ name: 'a', value: 0 }])
  })

  it('gives a number beyond 2^53 an exponent: Java would take it for a long', () => {
    const values = [2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64, 1e20, 1e21]
    const series = values.map((value, i) => counterOf(`a${i}`, value))
    expect(read({}, ...series).map(({ value }) => value)).toEqual(values)
    const text = new TextDecoder().decode(requestsOf({}, ...series)[0]!.body)
    expect(text).toContain('"value":9007199254740991}')
    expect(text).toContain('"value":9.223372036854776e+18}')
  })

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['ours', { 'service.name': 'evil' }, { 'exported_service.name': 'evil' }],
    ['restricted', { timestamp: '5', metricName: 'x' }, { exported_timestamp: '5', exported_metricName: 'x' }],
  ])('renames an attribute whose name is %s', (_what, attributes, labels) => {
    const one = counterOf('clicks', 1)
    const [found] = read({ commonAttributes: { environment: 'test' } }, withAttributes(one, attributes))
    expect(found!.labels).toEqual({ environment: 'test', ...labels })
  })

  it('renames a metric that has the name of an attribute it gets', () => {
    const changes = { commonAttributes: { environment: 'test' } }
    const series = [
      counterOf('service.name', 1, { service: 'shop' }),
      counterOf('environment', 2),
      counterOf('name', 4),
    ]
    expect(read(changes, ...series).map(({ name }) => name)).toEqual([
      'exported_environment',
      'exported_service.name',
      'name',
    ])
  })

  it('lets the service of a series stand before a common one, and adds up what is then one', () => {
    const changes = { commonAttributes: { 'service.name': 'shop' } }
    const series = [counterOf('a', 1, { service: 'shop' }), counterOf('a', 2), counterOf('a', 4, { service: 'blog' })]
    expect(read(changes, ...series).map(({ labels, value }) => [labels['service.name'], value])).toEqual([
      ['blog', 4],
      ['shop', 3],
    ])
  })

  it('leaves the resource out where it is no label', () => {
    const config = testConfig({ resourceLabels: { service: false, release: false } })
    const exporter = createNewRelicExporter(testNewRelic(), config)
    const snapshot = delta(counterOf('a', 1, { service: 'shop', release: '1' }), counterOf('a', 2, { service: 'blog' }))
    const [request] = exporter.encode(snapshot).flatMap(({ requests }) => requests)
    expect(decodeNewRelic(request!)).toMatchObject([{ labels: {}, value: 3 }])
  })

  it('bounds the bytes of a request', () => {
    const requests = requestsOf({}, ...wideCounters(1_000))
    expect(requests.flatMap(decodeNewRelic)).toHaveLength(1_000)
    expect(requests.map(({ body }) => body.length > 980_000).slice(0, -1)).not.toContain(false)
  })

  it('asks with a gauge that says nothing, and says how old a window may be', () => {
    const exporter = createNewRelicExporter(testNewRelic({ url: 'https://metric-api.eu.newrelic.com/' }), testConfig())
    expect(exporter).toMatchObject({ temporality: 'delta', maxAgeMs: 169_200_000 })
    expect(exporter.probe).toMatchObject({ url: 'https://metric-api.eu.newrelic.com/metric/v1', keys: [] })
    expect(exporter.probe!.encoding).toBe('identity')
    expect(JSON.parse(new TextDecoder().decode(exporter.probe!.body))).toEqual([
      { metrics: [{ name: 'pharos.probe', type: 'gauge', value: 0 }] },
    ])
  })

  it.each([
    [202, 'accepted'],
    [408, 'retry'],
    [500, 'retry'],
    [411, 'refused'],
    [415, 'refused'],
  ])('reads a %i as %s', (status, type) => {
    const exporter = createNewRelicExporter(testNewRelic(), testConfig())
    expect(exporter.readAnswer({ status, header: () => undefined, body: new Uint8Array() }).type).toBe(type)
  })
})
