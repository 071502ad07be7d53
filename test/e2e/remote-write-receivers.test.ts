import { afterEach, describe, expect, it } from 'vitest'
import { roundExact } from '../../src/protocol/exact-sum.ts'
import type { Histogram } from '../../src/protocol/types.ts'
import type { PrometheusConfig } from '../../worker/destinations/prometheus/config.ts'
import { createPrometheusExporter } from '../../worker/destinations/prometheus/exporter.ts'
import type { Exporter, ExportRequest, ExportStep, SeriesPhase, Snapshot, Verdict } from '../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig, testDestination } from '../contract/snapshots.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

afterEach(stopPrograms)

const config = testConfig({ metrics: { 'search.duration': { help: 'How long a search took.', unit: 's' } } })

const startNative = (): Promise<Receiver> => startPrometheus({ args: ['--enable-feature=native-histograms'] })

interface Posted {
  readonly status: number
  readonly verdict: Verdict
}

async function post(exporter: Exporter, { url, method, headers, body }: ExportRequest): Promise<Posted> {
  const response = await fetch(url, { method, headers, body })
  const { status } = response
  const answered = new Uint8Array(await response.arrayBuffer())
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined
  return { status, verdict: exporter.readAnswer({ status, header, body: answered }) }
}

/** Sends the steps of a snapshot in their order, and everything twice: a retry after an answer that was lost. */
async function push(
  exporter: Exporter,
  snapshot: Snapshot,
  wanted: readonly ExportStep['name'][] = ['zeros', 'values'],
): Promise<readonly Posted[]> {
  const posted: Posted[] = []
  for (const { name, requests } of exporter.encode(snapshot)) {
    const twice = wanted.includes(name) ? [...requests, ...requests] : []
    for (const request of twice) posted.push(await post(exporter, request))
  }
  return posted
}

const accepted = (posted: readonly Posted[]): void => {
  expect(posted.length).toBeGreaterThan(0)
  for (const one of posted) expect(one).toEqual({ status: 204, verdict: { type: 'accepted' } })
}

/** A lognormal of page loads: the same on every run, sorted. */
const values = Array.from({ length: 2_000 }, (_, i) => Math.exp(1.2 * probit((i + 0.5) / 2_000) - 1))
// Zero, a value within the zero bucket, and a negative one.
const odd = [0, 1e-40, -2]
const all = [...odd, ...values].sort((a, b) => a - b)
const quantileOf = (q: number): number => all[Math.ceil(q * all.length) - 1]!

/** Of the logistic distribution, scaled to look like the normal one: close enough to how long pages take. */
function probit(p: number): number {
  return Math.log(p / (1 - p)) / 1.702
}

const labelled = { page: '/a "b"\\', 'http.route': '/x', text: '€ 😀' }

/** Flush `n` of a run, ten seconds apart; what ends is what it was in the flush before. */
function flush(startMs: number, n: number, phase: SeriesPhase): Snapshot {
  const recorded = n === 1 ? all.slice(0, 3) : all
  const thirds = Math.min(n, 2) / 3
  const options = { phase, startMs: startMs + 5_000 }
  return {
    ...snapshotOf(
      counterOf('clicks', n === 1 ? 5 : 2 ** 53 - 1, { ...options, service: 'shop', attributes: labelled }),
      counterOf('thirds', thirds, options),
      gaugeOf('pharos.series', thirds, options),
      histogramOf('search.duration', recorded, options),
    ),
    previousMs: startMs + (n - 1) * 10_000,
    timeMs: startMs + n * 10_000,
  }
}

/** How what was sent is asked for. */
interface Questions {
  readonly clicks: string
  readonly thirds: string
  readonly count: string
  readonly sum: string
  readonly quantile: (q: number) => string
  /** The increase of the count from the zero on: over a millisecond more, as ranges are open to the left. */
  readonly increase: string
}

const classic: Questions = {
  clicks: 'clicks_total{service="shop",http_route="/x",text="€ 😀"}',
  thirds: 'thirds_total',
  count: 'search_duration_seconds_count',
  sum: 'search_duration_seconds_sum',
  quantile: (q) => `histogram_quantile(${q}, search_duration_seconds_bucket)`,
  increase: 'increase(search_duration_seconds_count[20s1ms])',
}

const native: Questions = {
  ...classic,
  count: 'histogram_count(search_duration_seconds)',
  sum: 'histogram_sum(search_duration_seconds)',
  quantile: (q) => `histogram_quantile(${q}, search_duration_seconds)`,
  increase: 'histogram_count(increase(search_duration_seconds[20s1ms]))',
}

const utf8: Questions = {
  clicks: '{"clicks_total",service="shop","http.route"="/x"}',
  thirds: '{"thirds_total"}',
  count: '{"search.duration_seconds_count"}',
  sum: '{"search.duration_seconds_sum"}',
  quantile: (q) => `histogram_quantile(${q}, {"search.duration_seconds_bucket"})`,
  increase: 'increase({"search.duration_seconds_count"}[20s1ms])',
}

const { scale, sum } = histogramOf('x', all).total as Histogram
const exactSum = roundExact(sum)
/** The estimate lies in the bucket of the true value. */
const NATIVE_ERROR = 2 ** (2 ** -scale) - 1
/** Buckets of the default bounds: powers of two. */
const CLASSIC_ERROR = 1

interface Case {
  readonly start: () => Promise<Receiver>
  readonly changes: Partial<PrometheusConfig>
  readonly questions: Questions
  readonly error: number
  /** What the receiver loses of a value it stores, relative: VictoriaMetrics keeps 12 digits. @default 0 */
  readonly loss?: number
  /** VictoriaMetrics takes the marker of a native histogram for an empty one, whose count is 0. @default false */
  readonly endsEmpty?: boolean
}

describe('remote-write', () => {
  it.for<[string, Case]>([
    ['Prometheus, 1.0', { start: startPrometheus, changes: {}, questions: classic, error: CLASSIC_ERROR }],
    [
      'Prometheus, 1.0, UTF-8 names',
      { start: startPrometheus, changes: { names: 'utf8' }, questions: utf8, error: CLASSIC_ERROR },
    ],
    [
      'Prometheus, 1.0, native histograms',
      { start: startNative, changes: { histograms: 'native' }, questions: native, error: NATIVE_ERROR },
    ],
    [
      'Prometheus, 1.0, both: classic',
      { start: startNative, changes: { histograms: 'both' }, questions: classic, error: CLASSIC_ERROR },
    ],
    [
      'Prometheus, 1.0, both: native',
      { start: startNative, changes: { histograms: 'both' }, questions: native, error: NATIVE_ERROR },
    ],
    [
      'Prometheus, 2.0',
      { start: startPrometheus, changes: { version: '2.0' }, questions: classic, error: CLASSIC_ERROR },
    ],
    [
      'Prometheus, 2.0, native histograms',
      { start: startNative, changes: { version: '2.0', histograms: 'native' }, questions: native, error: NATIVE_ERROR },
    ],
    [
      'Prometheus, 2.0, both: native',
      { start: startNative, changes: { version: '2.0', histograms: 'both' }, questions: native, error: NATIVE_ERROR },
    ],
    [
      'VictoriaMetrics, 1.0',
      { start: startVictoriaMetrics, changes: {}, questions: classic, error: CLASSIC_ERROR, loss: 1e-11 },
    ],
    [
      'VictoriaMetrics, 1.0, native histograms',
      {
        start: startVictoriaMetrics,
        changes: { histograms: 'native' },
        questions: classic,
        error: NATIVE_ERROR,
        endsEmpty: true,
        loss: 1e-11,
      },
    ],
  ])(
    '%s: stores what was sent, and ends it',
    async ([, { start, changes, questions, error, loss = 0, endsEmpty = false }], ctx) => {
      const receiver = await required(ctx, start)
      const exporter = createPrometheusExporter(testDestination({ url: receiver.writeUrl, ...changes }), config)
      const startMs = Date.now() - 60_000
      accepted(await push(exporter, flush(startMs, 1, 'new')))
      accepted(await push(exporter, flush(startMs, 2, 'live')))

      const now = startMs + 20_000
      expect(await receiver.value(questions.clicks, now)).toBe(2 ** 53 - 1)
      const off = async (question: string, value: number): Promise<number> =>
        Math.abs(Number(await receiver.value(question, now)) / value - 1)
      expect(await off(questions.thirds, 2 / 3)).toBeLessThanOrEqual(loss)
      expect(await receiver.value(questions.count, now)).toBe(all.length)
      expect(await off(questions.sum, exactSum)).toBeLessThanOrEqual(loss)
      expect(Math.round((await receiver.value(questions.increase, now)) ?? 0)).toBe(all.length)
      for (const q of [0.25, 0.5, 0.9, 0.99]) {
        const [found, wanted] = [Number(await receiver.value(questions.quantile(q), now)), quantileOf(q)]
        expect(Math.max(found / wanted, wanted / found) - 1, `quantile ${q}: ${found} for ${wanted}`).toBeLessThan(
          error,
        )
      }

      accepted(await push(exporter, flush(startMs, 3, 'ending')))
      for (const one of ['clicks', 'thirds', 'count'] as const) {
        const end = endsEmpty && one === 'count' ? 0 : undefined
        await until(
          () => receiver.value(questions[one], startMs + 30_000),
          (value) => value === end,
        )
      }
    },
  )
})

describe('remote-write 2.0', () => {
  const v2: Partial<PrometheusConfig> = { version: '2.0', histograms: 'both' }

  it('is known to be unsupported by a receiver of 1.0, which stores nothing, and goes on in 1.0', async (ctx) => {
    const receiver = await required(ctx, startVictoriaMetrics)
    const exporter = createPrometheusExporter(testDestination({ url: receiver.writeUrl, version: '2.0' }), config)
    const startMs = Date.now() - 60_000
    const posted = await push(exporter, flush(startMs, 1, 'new'))
    for (const one of posted) expect(one).toEqual({ status: 204, verdict: { type: 'unsupported' } })
    expect(await receiver.value(classic.clicks, startMs + 10_000)).toBeUndefined()
    accepted(await push(exporter.fallback!, flush(startMs, 1, 'new')))
    expect(await receiver.value(classic.clicks, startMs + 10_000)).toBe(5)
  })

  it('gives the start of every total: Prometheus makes it a zero of its own, where it is told to', async (ctx) => {
    const args = ['--enable-feature=native-histograms,created-timestamp-zero-ingestion']
    const receiver = await required(ctx, () => startPrometheus({ args }))
    const exporter = createPrometheusExporter(testDestination({ url: receiver.writeUrl, ...v2 }), config)
    const startMs = Date.now() - 60_000
    accepted(await push(exporter, flush(startMs, 1, 'new'), ['values']))
    accepted(await push(exporter, flush(startMs, 2, 'live')))
    const pointsOf = async (question: string): Promise<readonly (readonly [number, number])[] | undefined> => {
      const [series] = await receiver.query(`${question}[1m]`, startMs + 20_000)
      return series?.points.map(([timeSeconds, value]) => [Math.round(timeSeconds * 1_000) - startMs, value])
    }
    const total = 2 ** 53 - 1
    expect(await pointsOf(classic.clicks)).toEqual([
      [5_000, 0],
      [10_000, 5],
      [20_000, total],
    ])
    expect(await pointsOf(classic.count)).toEqual([
      [5_000, 0],
      [10_000, 3],
      [20_000, all.length],
    ])
    expect(await pointsOf('pharos_series')).toHaveLength(2)
    const increase = 'histogram_count(increase(search_duration_seconds[15s1ms]))'
    expect(Math.round((await receiver.value(increase, startMs + 20_000))!)).toBe(all.length)
  })

  it('does no harm with its start where there is a zero already', async (ctx) => {
    const args = ['--enable-feature=native-histograms,created-timestamp-zero-ingestion']
    const receiver = await required(ctx, () => startPrometheus({ args }))
    const exporter = createPrometheusExporter(testDestination({ url: receiver.writeUrl, ...v2 }), config)
    const startMs = Date.now() - 60_000
    accepted(await push(exporter, flush(startMs, 1, 'new')))
    accepted(await push(exporter, flush(startMs, 2, 'live')))
    const increase = async (question: string): Promise<number> =>
      Math.round((await receiver.value(`increase(${question}[20s1ms])`, startMs + 20_000)) ?? 0)
    expect(await increase(classic.count)).toBe(all.length)
  })
})

describe('native histograms', () => {
  it.for(['1.0', '2.0'] as const)(
    'are refused in %s, not retried, where they are switched off',
    async (version, ctx) => {
      const receiver = await required(ctx, startPrometheus)
      const destination = testDestination({ url: receiver.writeUrl, version, histograms: 'native' })
      const posted = await push(createPrometheusExporter(destination, config), flush(Date.now() - 60_000, 1, 'new'))
      for (const one of posted) expect(one).toEqual({ status: 500, verdict: { type: 'refused' } })
    },
  )

  it.for<[string, () => Promise<Receiver>, string]>([
    ['Prometheus', startNative, 'histogram_count(x_total_distribution)'],
    ['VictoriaMetrics', startVictoriaMetrics, 'x_total_distribution_count'],
  ])('stand counts beyond all bounds, and a counter of their name, on %s', async ([, start, count], ctx) => {
    const receiver = await required(ctx, start)
    const histogram = histogramOf('x.total', [0.5, 1, 4])
    const { positive } = histogram.total as Histogram
    for (const index of positive.keys()) positive.set(index, index < 0 ? 2 ** 53 - 1 : 1)
    const exporter = createPrometheusExporter(testDestination({ url: receiver.writeUrl, histograms: 'native' }), config)
    const timeMs = Date.now() - 10_000
    const snapshot = { ...snapshotOf(histogram, counterOf('x', 7)), previousMs: timeMs - 10_000, timeMs }
    accepted(await push(exporter, snapshot))
    expect(await receiver.value('x_total', timeMs)).toBe(7)
    expect(await receiver.value(count, timeMs)).toBeGreaterThan(2 ** 53)
  })
})
