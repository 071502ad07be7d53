import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import type { Histogram } from '../../src/protocol/types.ts'
import type { OtlpConfig } from '../../worker/destinations/otlp/config.ts'
import { exponentialHistogram } from '../../worker/destinations/otlp/histograms.ts'
import { createOtlpExporter } from '../../worker/destinations/otlp/exporter.ts'
import type { Exporter, ExportRequest, SeriesPhase, SnapshotSeries, Verdict } from '../../worker/model/types.ts'
import { testOtlp } from '../worker/destinations/otlp/otlp-config.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../contract/snapshots.ts'
import { onPath } from '../support/paths.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { run } from '../support/run.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

afterAll(stopPrograms)

const STEP_MS = 10_000
const BOUNDS = [0.1, 0.3, 1, 3]

const all = testConfig({ metrics: { 'search.duration': { help: 'How long.', unit: 's', buckets: BOUNDS } } })

/**
 * 2,000 values from 1/32 to 1,265, some of them zero and some negative, the same ones every time. Multiples of 1/32, so that
 * no order of adding them rounds, and their sums have few digits: VictoriaMetrics keeps 13 of a fraction.
 */
const VALUES = Array.from({ length: 2_000 }, (_, i) => {
  const spread = (i * 7_919) % 2_000
  const value = Math.ceil(32 * Math.exp((spread - 1_000) / 140)) / 32
  return spread < 20 ? 0 : spread < 60 ? -value : value
})

/** How a receiver is spoken to, flush by flush. */
function startPipe(url: string, changes: Partial<OtlpConfig> = {}) {
  const exporter = createOtlpExporter(testOtlp({ url, ...changes }), all)
  let previousMs = Date.now() - 20 * STEP_MS
  return {
    exporter,
    /** Sends a snapshot as the engine does, and tells when it was. */
    flush: async (...series: readonly SnapshotSeries[]): Promise<number> => {
      const timeMs = previousMs + STEP_MS
      for (const { requests } of exporter.encode({ ...snapshotOf(...series), previousMs: previousMs + 1, timeMs }))
        for (const request of requests) expect(await send(exporter, request)).toEqual({ type: 'accepted' })
      previousMs = timeMs
      return timeMs
    },
  }
}

async function send(exporter: Exporter, { method, url, headers, body, encoding }: ExportRequest): Promise<Verdict> {
  const isGzip = encoding === 'gzip'
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(isGzip ? { 'content-encoding': 'gzip' } : {}) },
    body: isGzip ? gzipSync(body) : body,
  })
  return exporter.readAnswer({
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: new Uint8Array(await response.arrayBuffer()),
  })
}

/** Every kind of series, with the first `n` values and a phase. */
const seriesUpTo = (n: number, phase: SeriesPhase = 'live'): SnapshotSeries[] => [
  counterOf('checkout.clicks', n + 3 / 8, { phase, service: 'shop', release: '1', attributes: { page: '/"é' } }),
  counterOf('checkout.clicks', 10 * n, { phase, service: 'blog' }),
  gaugeOf('pharos.series', n, { phase }),
  histogramOf('search.duration', VALUES.slice(0, n), { phase, service: 'shop' }),
]

const sumOf = (n: number): number => VALUES.slice(0, n).reduce((sum, value) => sum + value, 0)

async function startVictoria(): Promise<Receiver & { readonly otlpUrl: string }> {
  const receiver = await startVictoriaMetrics({ args: ['-opentelemetry.usePrometheusNaming'] })
  return { ...receiver, otlpUrl: `${receiver.url}/opentelemetry/v1/metrics` }
}

const SHOP = 'checkout_clicks_total{service_name="shop",page="/\\"é"}'
const BLOG = 'checkout_clicks_total{service_name="blog"}'

/** What is stored and how much it grew, at the time of a flush: there is nothing to extrapolate. */
async function storedAt(receiver: Receiver, timeMs: number): Promise<Record<string, unknown>> {
  const stored: Record<string, unknown> = { gauge: await receiver.value('pharos_series', timeMs) }
  for (const name of [SHOP, BLOG, 'search_duration_seconds_count', 'search_duration_seconds_sum'])
    stored[name] = [await receiver.value(name, timeMs), await receiver.value(`increase(${name}[10m])`, timeMs)]
  return stored
}

const expectedOf = (n: number): Record<string, unknown> => ({
  gauge: n,
  [SHOP]: [n + 3 / 8, n + 3 / 8],
  [BLOG]: [10 * n, 10 * n],
  search_duration_seconds_count: [n, n],
  search_duration_seconds_sum: [sumOf(n), sumOf(n)],
})

describe('OTLP to VictoriaMetrics', () => {
  it('stores totals exactly, and increase() is right from the first value on', async (ctx) => {
    const receiver = await required(ctx, startVictoria)
    const { flush } = startPipe(receiver.otlpUrl)
    for (const n of [500, 503, 503, 2_000]) {
      const timeMs = await flush(...seriesUpTo(n, n === 500 ? 'new' : 'live'))
      expect(await storedAt(receiver, timeMs)).toEqual(expectedOf(n))
    }
  })

  it('answers quantiles within the bound of the scale', async (ctx) => {
    const receiver = await required(ctx, startVictoria)
    const { flush } = startPipe(receiver.otlpUrl)
    const timeMs = await flush(...seriesUpTo(2_000, 'new'))
    const { scale } = exponentialHistogram(seriesUpTo(2_000)[3]!.total as Histogram)
    const sorted = VALUES.toSorted((a, b) => a - b)
    const errors: number[] = []
    for (const q of [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
      const found = await receiver.value(`histogram_quantile(${q}, search_duration_seconds_bucket)`, timeMs)
      errors.push(Math.abs(found! / sorted[q * 2_000 - 1]! - 1))
    }
    // VictoriaMetrics writes the bounds of a bucket with four digits.
    expect(Math.max(...errors)).toBeLessThan(2 ** (2 ** -scale) - 1 + 5e-4)
    console.log(`worst error of a quantile at scale ${scale}: ${(100 * Math.max(...errors)).toFixed(2)} %`)
  })

  it('reads the zeros among negative and positive values as zeros', async (ctx) => {
    const receiver = await required(ctx, startVictoria)
    const { flush } = startPipe(receiver.otlpUrl)
    const timeMs = await flush(histogramOf('search.duration', [-2, -1, 0, 0, 0.1, 0.2, 0.3, 0.3, 0.5, 1]))
    const quantile = (q: number) => receiver.value(`histogram_quantile(${q}, search_duration_seconds_bucket)`, timeMs)
    expect(await quantile(0.4)).toBeCloseTo(0, 30)
    expect(await quantile(0.6)).toBeCloseTo(0.2, 2)
  })

  it('stores explicit histograms with their buckets, zeros first', async (ctx) => {
    const receiver = await required(ctx, startVictoria)
    const { flush } = startPipe(receiver.otlpUrl, { histograms: 'explicit' })
    await flush(...seriesUpTo(300, 'new'))
    const timeMs = await flush(...seriesUpTo(2_000))
    expect(await storedAt(receiver, timeMs)).toEqual(expectedOf(2_000))
    for (const le of [...BOUNDS, '+Inf']) {
      const bucket = `search_duration_seconds_bucket{le="${le}"}`
      const count = (await receiver.value(bucket, timeMs))!
      expect(await receiver.value(`increase(${bucket}[10m])`, timeMs)).toBe(count)
      const atMost = (bound: number): number => VALUES.filter((value) => value <= bound).length
      // A bound inside a bucket of ours counts that bucket whole.
      const { scale } = seriesUpTo(2_000)[3]!.total as Histogram
      expect(count).toBeGreaterThanOrEqual(atMost(Number(le === '+Inf' ? Infinity : le)))
      expect(count).toBeLessThanOrEqual(atMost(Number(le === '+Inf' ? Infinity : le) * 2 ** (2 ** -scale)))
    }
  })

  it.for(['exponential', 'explicit'] as const)('ends a series, and it can return: %s', async (histograms, ctx) => {
    const receiver = await required(ctx, startVictoria)
    const { flush } = startPipe(receiver.otlpUrl, { histograms })
    await flush(...seriesUpTo(40, 'new'))
    const beforeMs = await flush(...seriesUpTo(60))
    const endMs = await flush(...seriesUpTo(60, 'ending'))
    const timeMs = await flush(...seriesUpTo(7, 'new'))
    expect((await receiver.query('{__name__=~".+"}', beforeMs)).length).toBeGreaterThan(8)
    expect(await receiver.query('{__name__=~".+"}', endMs)).toEqual([])
    expect(await receiver.value(`increase(${BLOG}[10m])`, timeMs)).toBe(670)
    expect(await receiver.value('increase(search_duration_seconds_count[10m])', timeMs)).toBe(67)
  })

  it('takes a probe for what it is, and refuses JSON', async (ctx) => {
    const receiver = await required(ctx, startVictoria)
    for (const compression of ['gzip', 'none'] as const) {
      const { exporter } = startPipe(receiver.otlpUrl, { compression })
      expect(await send(exporter, exporter.probe!)).toEqual({ type: 'accepted' })
    }
    const { exporter } = startPipe(receiver.otlpUrl, { encoding: 'json' })
    expect(await send(exporter, exporter.probe!)).toEqual({ type: 'refused' })
    expect(await receiver.query('{__name__=~".+"}')).toEqual([])
  })
})

describe('OTLP to Prometheus', () => {
  it.for(['protobuf', 'json'] as const)('stores totals exactly: %s', async (encoding, ctx) => {
    const file = onPath('prometheus')
    const help = file ? await run(file, ['--help']) : ''
    if (!help.includes('--web.enable-otlp-receiver')) {
      console.log(
        'NOT RUN: OTLP to Prometheus: no Prometheus with an OTLP receiver on the PATH; that of Debian has none',
      )
      ctx.skip()
    }
    const receiver = await startPrometheus({
      args: ['--web.enable-otlp-receiver', '--enable-feature=native-histograms'],
    })
    const { flush } = startPipe(`${receiver.url}/api/v1/otlp/v1/metrics`, { encoding })
    await flush(...seriesUpTo(5, 'new'))
    const timeMs = await flush(...seriesUpTo(2_000))
    const clicks = 'checkout_clicks_total{job="blog"}'
    expect(await receiver.value(clicks, timeMs)).toBe(20_000)
    expect(await receiver.value(`increase(${clicks}[10m])`, timeMs)).toBe(20_000)
    expect(await receiver.value('histogram_count(search_duration_seconds)', timeMs)).toBe(2_000)
    expect(await receiver.value('histogram_sum(search_duration_seconds)', timeMs)).toBeCloseTo(sumOf(2_000), 9)
    const median = VALUES.toSorted((a, b) => a - b)[999]!
    const found = await receiver.value('histogram_quantile(0.5, search_duration_seconds)', timeMs)
    expect(Math.abs(found! / median - 1)).toBeLessThan(0.19)
  })
})
