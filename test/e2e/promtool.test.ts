import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeExposition } from '../../worker/destinations/prometheus/exposition.ts'
import { builtInNames, metadataOf } from '../../worker/model/built-in-metrics.ts'
import type { SnapshotSeries } from '../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../contract/snapshots.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { checkMetrics } from '../support/promtool.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'

afterEach(stopPrograms)

const config = testConfig({
  metrics: {
    'search.duration': { help: 'How long a search took.\n"Really" \\ long.', unit: 's' },
    'cache.fill': { unit: '1' },
    'page.size': { unit: 'By' },
  },
})

const nowMs = Date.now()
const options = { startMs: nowMs - 60_000 }

/** Every kind, with all that text can hold. */
const series: readonly SnapshotSeries[] = [
  counterOf('checkout.clicks', 3, { ...options, attributes: { page: '/a "b"\\', 'http.route': '€ 😀\u2028' } }),
  counterOf('checkout.clicks', 1e-7, { ...options, service: 'shop', release: '1.2' }),
  counterOf('huge', 2 ** 53 - 1, options),
  counterOf('thirds', 1 / 3, options),
  histogramOf('search.duration', [0, 0.1, 0.2, 0.4, 3, 100, 1e30], { ...options, service: 'shop' }),
  histogramOf('search.duration', [], options),
  histogramOf('cache.fill', [0.5, -0.5], options),
  histogramOf('page.size', [1e6], options),
  gaugeOf('pharos.series', 12, options),
]

describe('promtool check metrics', () => {
  const check = (...series: readonly SnapshotSeries[]): Promise<readonly string[]> =>
    checkMetrics(encodeExposition(snapshotOf(...series), config, 'text'))

  it('has nothing to say', async (ctx) => {
    expect(await required(ctx, () => check(...series))).toEqual([])
  })

  it.for(['counter', 'histogram', 'gauge'] as const)(
    'has nothing to say of our own names as a %s',
    async (kind, ctx) => {
      const make = { counter: counterOf, gauge: gaugeOf, histogram: (name: string) => histogramOf(name, [1]) }[kind]
      expect(await required(ctx, () => check(...builtInNames().map((name) => make(name, 1))))).toEqual([])
      for (const name of builtInNames()) expect(metadataOf(name, {}).help).toMatch(/^[A-Z].*\.$/)
    },
  )

  it('warns of names that the page chose so, which we do not change', async (ctx) => {
    const found = await required(ctx, () => check(counterOf('clicksOnBuy', 1), histogramOf('wait.ms', [1])))
    expect(found).toEqual([
      "clicksOnBuy_total metric names should be written in 'snake_case' not 'camelCase'",
      'wait_ms metric names should not contain abbreviated units',
    ])
  })

  it('takes a counter and a histogram of one name, though it misses the help of the second', async (ctx) => {
    const found = await required(ctx, () => check(counterOf('x', 1), histogramOf('x.total', [1])))
    expect(found).toEqual(['x_total_bucket no help text', 'x_total_count no help text', 'x_total_sum no help text'])
  })
})

describe('a scrape by Prometheus', () => {
  it.for([
    ['text', 'text/plain; version=0.0.4; charset=utf-8'],
    ['openmetrics', 'application/openmetrics-text; version=1.0.0; charset=utf-8'],
  ] as const)('reads %s as it was meant', async ([format, type], ctx) => {
    const page = encodeExposition(snapshotOf(...series), config, format)
    const accepts: (string | undefined)[] = []
    const server = createServer((request, response) => {
      accepts.push(request.headers.accept)
      response.setHeader('content-type', type).end(page)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ctx.onTestFinished(() => void server.close())
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const args = ['--enable-feature=created-timestamp-zero-ingestion']
    const prometheus = await required(ctx, () => startPrometheus({ targets: [target], args }))

    const read = (question: string): Promise<number | undefined> => prometheus.value(question)
    await until(
      () => read('up'),
      (value) => value === 1,
    )
    expect(accepts[0]).toContain('application/openmetrics-text')
    expect(await read('checkout_clicks_total{page="/a \\"b\\"\\\\",http_route="€ 😀\u2028"}')).toBe(3)
    expect(await read('checkout_clicks_total{service="shop",release="1.2"}')).toBe(1e-7)
    expect(await read('huge_total')).toBe(2 ** 53 - 1)
    expect(await read('thirds_total')).toBe(1 / 3)
    expect(await read('search_duration_seconds_count{service="shop"}')).toBe(7)
    expect(await read('search_duration_seconds_sum{service="shop"}')).toBe(1e30 + 103.7)
    expect(await read('search_duration_seconds_bucket{service="shop",le="+Inf"}')).toBe(7)
    expect(await read('search_duration_seconds_bucket{service="shop",le=~"0.25.*"}')).toBe(3)
    expect(await read('cache_fill_ratio_sum')).toBe(0)
    expect(await read('page_size_bytes_count')).toBe(1)
    expect(await read('pharos_series')).toBe(12)
    // What Prometheus takes for the start of a series is not a sample of its own.
    const samples = page.split('\n').filter((line) => /^[^#]/.test(line) && !/^\w+_created[{ ]/.test(line))
    expect(await read('scrape_samples_scraped')).toBe(samples.length)
    const [huge] = await prometheus.query('huge_total[5m]')
    const zeros = huge!.points.filter(([, value]) => value === 0)
    expect(zeros).toEqual(format === 'text' ? [] : [[options.startMs / 1_000, 0]])
  })
})
