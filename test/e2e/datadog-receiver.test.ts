import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { Histogram } from '../../src/protocol/types.ts'
import type { DatadogConfig } from '../../worker/destinations/datadog/config.ts'
import { createDatadogExporter } from '../../worker/destinations/datadog/exporter.ts'
import type { Exporter, ExportRequest, SnapshotSeries } from '../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, testConfig, testDestinationBase } from '../contract/snapshots.ts'
import { stopPrograms } from '../support/processes.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

afterEach(stopPrograms)

const WINDOW_MS = 10_000

interface Pipe {
  readonly receiver: Receiver
  readonly exporter: Exporter
  /** Sends one window after another, the last one ends now. @returns the statuses, every one of them */
  readonly push: (...windows: readonly (readonly SnapshotSeries[])[]) => Promise<number[]>
}

async function send({ method, url, headers, body, encoding }: ExportRequest): Promise<number> {
  const gzip = encoding === 'gzip'
  const response = await fetch(url, {
    method,
    headers: gzip ? { ...headers, 'content-encoding': 'gzip' } : headers,
    body: gzip ? gzipSync(body) : body,
  })
  await response.arrayBuffer()
  return response.status
}

async function startPipe(histograms: DatadogConfig['histograms']): Promise<Pipe> {
  // Of equal points it keeps one then, as Datadog does.
  const receiver = await startVictoriaMetrics({ args: ['-dedup.minScrapeInterval=1ms'] })
  const url = `${receiver.url}/datadog/`
  const config: DatadogConfig = {
    ...testDestinationBase,
    url,
    kind: 'datadog',
    namespace: 'web',
    tags: { env: 'test' },
    histograms,
  }
  const exporter = createDatadogExporter(config, testConfig())
  return {
    receiver,
    exporter,
    push: async (...windows) => {
      const firstMs = Date.now() - windows.length * WINDOW_MS
      const statuses: number[] = []
      for (const [i, series] of windows.entries()) {
        const previousMs = firstMs + i * WINDOW_MS
        const snapshot = { temporality: 'delta' as const, timeMs: previousMs + WINDOW_MS, previousMs, series }
        for (const request of exporter.encode(snapshot).flatMap(({ requests }) => requests)) {
          statuses.push(await send(request))
          if (request.inDoubt === 'resend') statuses.push(await send(request))
        }
      }
      return statuses
    },
  }
}

/** All that was ever counted under a name, by the value of a tag. */
async function totals(receiver: Receiver, name: string, tag: string): Promise<Record<string, number>> {
  const found = await receiver.query(`sum(sum_over_time({__name__="${name}"}[1h])) by ("${tag}")`)
  return Object.fromEntries(found.map(({ labels, points }) => [labels[tag] ?? '', points[0]![1]]))
}

/** Lognormal, the same values in every run. */
function lognormal(count: number, sigma: number): number[] {
  let state = 7
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.exp(sigma * normal - 1)
  })
}

describe('Datadog payloads on VictoriaMetrics', () => {
  it('show exactly what was counted, though every series request is sent twice', async (ctx) => {
    const { receiver, push } = await required(ctx, () => startPipe('distribution'))
    const clicks = (page: string, value: number): SnapshotSeries =>
      counterOf('checkout.clicks', value, { attributes: { page }, service: 'Shop', release: '1.4' })
    const statuses = await push(
      [clicks('/cart', 5), clicks('/Cart', 2), clicks('жук', 2 ** 53 - 1), gaugeOf('pharos.series', 3)],
      [clicks('/cart', 3), clicks('x y', 0.25)],
      [clicks('/cart', 4), clicks('x_y', 0.5), clicks('z', 1e290)],
    )
    expect(new Set(statuses)).toEqual(new Set([202]))
    expect(await totals(receiver, 'web.checkout.clicks', 'page')).toEqual({
      '/cart': 14,
      жук: 2 ** 53 - 1,
      x_y: 0.75,
      z: 1e290,
    })
    const [series] = await receiver.query('last_over_time({__name__="web.checkout.clicks",page="/cart"}[1h])')
    expect(series!.labels).toMatchObject({ env: 'test', service: 'shop', version: '1.4' })
    expect(await receiver.value('last_over_time({__name__="web.pharos.series"}[1h])')).toBe(3)
  })

  it('show count and sum of the distributions exactly, and quantiles within the bound', async (ctx) => {
    const { receiver, push } = await required(ctx, () => startPipe('distribution'))
    const values = lognormal(10_000, 0.5)
    const whole = histogramOf('latency', values)
    const parts = [values.slice(0, 3_000), values.slice(3_000)].map((part) => [
      histogramOf(
        'search',
        part.map((value) => Math.round(value * 64) / 64),
      ),
    ])
    expect(new Set(await push(...parts, [whole, histogramOf('signed', [-2, 0, 0, 2])]))).toEqual(new Set([202]))

    const rounded = values.reduce((sum, value) => sum + Math.round(value * 64) / 64, 0)
    expect(await totals(receiver, 'web.search.count', 'env')).toEqual({ test: 10_000 })
    expect(await totals(receiver, 'web.search.sum', 'env')).toEqual({ test: rounded })
    expect(await totals(receiver, 'web.signed.count', 'env')).toEqual({ test: 4 })
    expect(await totals(receiver, 'web.signed.sum', 'env')).toEqual({ test: 0 })
    expect(await totals(receiver, 'web.signed.min', 'env')).toEqual({ test: -2 })
    expect(await totals(receiver, 'web.signed.max', 'env')).toEqual({ test: 2 })

    // It reads a key as what lies above its value, not around it: half a key, 0.8 %, of the bound goes there.
    const sorted = values.toSorted((a, b) => a - b)
    const bound = Math.sqrt(1.015625 * 2 ** (2 ** -(whole.total as Histogram).scale)) - 1
    const found = await totals(receiver, 'web.latency', 'quantile')
    expect(Object.keys(found)).toEqual(['0.5', '0.75', '0.9', '0.95', '0.99'])
    for (const [quantile, value] of Object.entries(found)) {
      const truth = sorted[Math.round(Number(quantile) * 9_999)]!
      expect(Math.abs(value / truth - 1)).toBeLessThanOrEqual(bound)
    }
  })

  it('show histograms as counts, safe to send twice', async (ctx) => {
    const { receiver, push } = await required(ctx, () => startPipe('counts'))
    await push(
      [histogramOf('latency', [-1, 0.25, 0.5, 4])],
      [histogramOf('latency', [0.5]), counterOf('latency.count', 10)],
    )
    expect(await totals(receiver, 'web.latency.count', 'env')).toEqual({ test: 15 })
    expect(await totals(receiver, 'web.latency.sum', 'env')).toEqual({ test: 4.25 })
    expect(await totals(receiver, 'web.latency.bucket', 'upper_bound')).toEqual({
      '0.0009765625': 1,
      '0.25': 1,
      '0.5': 2,
      '4.0': 1,
    })
  })

  it('take the probe, and show nothing of it', async (ctx) => {
    const { receiver, exporter } = await required(ctx, () => startPipe('distribution'))
    expect(await send(exporter.probe!)).toBe(202)
    expect(await receiver.query('count({__name__=~".+"})')).toEqual([])
  })
})
