import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HttpConfig } from '../../../../worker/destinations/http/config.ts'
import { createHttpExporter } from '../../../../worker/destinations/http/exporter.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import type { ReadRow } from '../archive/archive-reader.ts'
import {
  counterOf,
  gaugeOf,
  histogramOf,
  snapshotOf,
  testConfig,
  testDestinationBase,
} from '../../../contract/snapshots.ts'
import { parse, testHttp } from './subjects.ts'

const sent = (changes: Partial<HttpConfig>, ...series: readonly SnapshotSeries[]): unknown => {
  const config = testConfig({ metrics: { latency: { help: 'How long.', unit: 's', buckets: [1, 2] } } })
  const [step] = createHttpExporter(testHttp(changes), config).encode(snapshotOf(...series))
  expect(step!.name).toBe('values')
  expect(step!.requests).toHaveLength(1)
  return parse(step!.requests[0]!.body)
}

describe('http', () => {
  it('fills in everything that is known of a series', () => {
    const words = 'destination temporality time timeMs previous previousMs name kind unit help service release attributes value count sum scale zero positive negative buckets start ended'.split(' ') // prettier-ignore
    const seriesTemplate = Object.fromEntries(words.map((word) => [word, `{{${word}}}`]))
    expect(
      sent(
        { template: '{{series}}', seriesTemplate },
        histogramOf('latency', [0, 1, 1.5, 4], { attributes: { page: '/' } }),
      ),
    ).toEqual([
      {
        destination: 'main',
        temporality: 'cumulative',
        time: '1970-01-01T00:00:20.000Z',
        timeMs: 20_000,
        previous: '1970-01-01T00:00:10.000Z',
        previousMs: 10_000,
        name: 'latency',
        kind: 'histogram',
        unit: 's',
        help: 'How long.',
        service: '',
        release: '',
        attributes: { page: '/' },
        value: null,
        count: 4,
        sum: 6.5,
        scale: 8,
        zero: 1,
        positive: [
          [-1, 1],
          [149, 1],
          [511, 1],
        ],
        negative: [],
        buckets: [
          [1, 2],
          [2, 3],
          [null, 4],
        ],
        start: '1970-01-01T00:00:01.000Z',
        ended: false,
      },
    ])
  })

  it('gives quantiles of a histogram, and null for what a counter does not have', () => {
    const seriesTemplate = [
      '{{p50}}',
      '{{p90}}',
      '{{p99}}',
      '{{count}}',
      '{{sum}}',
      '{{unit}}',
      '{{attributes.no}}',
      '{{value}}',
    ]
    const [histogram, counter] = sent(
      { template: '{{series}}', seriesTemplate },
      counterOf('z', 7),
      histogramOf(
        'a',
        Array.from({ length: 100 }, (_, i) => i + 1),
      ),
    ) as [number[], unknown[]]
    for (const [i, exact] of [50, 90, 99].entries()) expect(Math.abs(histogram[i]! / exact - 1)).toBeLessThan(0.0014)
    expect(counter).toEqual([null, null, null, null, null, null, null, 7])
  })

  it('writes values into text', () => {
    const seriesTemplate = '{{name}}.{{attributes.http.route}}/{{attributes.no}} = {{ value }} {{attributes}}'
    expect(
      sent(
        { template: { text: ['{{series}} at {{time}}'] }, seriesTemplate },
        counterOf('a', 0.5, { attributes: { 'http.route': '/x' } }),
      ),
    ).toEqual({ text: [`["a./x/ = 0.5 {\\"http.route\\":\\"/x\\"}"] at 1970-01-01T00:00:20.000Z`] })
  })

  it('takes no value for a template, and none for a field', () => {
    const attributes = { page: '{{sum}}{{series}}', constructor: '"},{"x":"', toString: '$&$1' }
    const seriesTemplate = {
      a: '{{attributes}}',
      text: '{{attributes.page}} {{attributes.toString}}',
      none: '{{attributes.valueOf}}',
    }
    expect(sent({ seriesTemplate }, counterOf('a', 1, { attributes }))).toMatchObject({
      series: [{ a: attributes, text: '{{sum}}{{series}} $&$1', none: null }],
    })
  })

  it('keeps a field of a template that is called __proto__', () => {
    const template = JSON.parse('{"__proto__":{"x":"{{timeMs}}"},"s":"{{series}}"}') as unknown
    expect(Object.getOwnPropertyDescriptor(sent({ template }, counterOf('a', 1)), '__proto__')?.value).toEqual({
      x: 20_000,
    })
  })

  it('sends the last total of a series that ends, once more, as such', () => {
    const rows = sent({ template: '{{series}}' }, counterOf('a', 5, { phase: 'ending' }), gaugeOf('b', 1), counterOf('c', 2, { phase: 'new' })) // prettier-ignore
    expect(rows).toMatchObject([{ name: 'a', value: 5, ended: true }, { name: 'b' }, { name: 'c', value: 2 }])
    expect((rows as ReadRow[]).filter((row) => 'ended' in row)).toHaveLength(1)
  })

  it('is the request the configuration asks for, with a key of its own for every window and content', () => {
    const requests = (changes: Partial<HttpConfig>, timeMs: number, ...series: readonly SnapshotSeries[]) =>
      createHttpExporter(testHttp(changes), testConfig()).encode({ ...snapshotOf(...series), timeMs })[0]!.requests
    const headers = { 'content-type': 'application/vnd.acme+json', 'x-team': 'web' }
    const [one] = requests({ method: 'PUT', headers }, 20_000, counterOf('a', 1))
    expect(one).toMatchObject({
      method: 'PUT',
      url: testDestinationBase.url,
      encoding: 'identity',
      inDoubt: 'resend',
      headers,
    })
    expect(one!.headers['idempotency-key']).toMatch(/^"20000-[0-9a-f]{16}"$/)
    const all = [
      ...requests({ maxSeriesPerRequest: 1 }, 20_000, counterOf('a', 1), counterOf('b', 1)),
      ...requests({ maxSeriesPerRequest: 1 }, 20_001, counterOf('a', 1)),
      ...requests({ maxSeriesPerRequest: 1, name: 'other' }, 20_000, counterOf('a', 1)),
    ]
    expect(new Set(all.map((request) => request.headers['idempotency-key'])).size).toBe(4)
    expect(requests({}, 20_000, counterOf('a', 1))[0]!.headers['content-type']).toBe('application/json')
  })

  it('bounds the bytes of a request', () => {
    const attributes = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`attribute${i}`, '€'.repeat(128)]))
    const series = Array.from({ length: 1_000 }, (_, i) => counterOf('a', 1, { attributes: { ...attributes, i } }))
    const [step] = createHttpExporter(testHttp(), testConfig()).encode(snapshotOf(...series))
    expect(step!.requests.length).toBeGreaterThan(5)
    for (const { body } of step!.requests) expect(body.length).toBeLessThan(1_048_576)
    expect(step!.requests.flatMap(({ keys }) => keys)).toHaveLength(1_000)
  })

  it('waits at the statuses it is told, and only at these', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 300, max: 599 })), (retryStatuses) => {
        const { readAnswer } = createHttpExporter(testHttp({ retryStatuses }), testConfig())
        for (let status = 100; status < 600; status++) {
          const { type } = readAnswer({ status, header: () => undefined, body: new Uint8Array() })
          const isAccepted = status >= 200 && status < 300
          expect(type).toBe(isAccepted ? 'accepted' : retryStatuses.includes(status) ? 'retry' : 'refused')
        }
      }),
      { numRuns: 10 },
    )
  })
})
