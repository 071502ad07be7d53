import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { addExact } from '../../src/protocol/exact-sum.ts'
import { createHistogram, recordValue } from '../../src/protocol/histogram.ts'
import { encodeHistogram } from '../../src/protocol/wire.ts'
import { createSession, openConnection } from '../support/beacon-client.ts'
import {
  QUANTILES,
  readClassic,
  readExposition,
  readFiles,
  readNative,
  readStandIn,
  readVmDatadog,
  readVmOtlp,
} from '../support/every-reading.ts'
import type { Distribution, Read, Reading } from '../support/every-reading.ts'
import { startMiniflare } from '../support/miniflare.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { startPushgateway } from '../support/pushgateway.ts'
import { baseOf, quantileRange, SKETCH_GAMMA } from '../support/quantiles.ts'
import { required } from '../support/requirements.ts'
import { startDatadogStandIn, startHttpStandIn, startNewRelicStandIn } from '../support/stand-in.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

afterEach(stopPrograms)

const PAGES = ['/', '/cart', '/search']
const FLUSH_INTERVAL_MS = 1_000
const BATCHES = 120

/** Numbers that look random and are the same every time (a linear congruential generator, constants of Numerical Recipes). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32
}

const random = createRandom(7)

/** Load times, roughly lognormal around two seconds, as multiples of 1/64: their sums are exact in any order. */
const loadTime = (): number => {
  const normal = Array.from({ length: 12 }, random).reduce((sum, it) => sum + it, -6)
  return Math.max(1, Math.round(64 * 2 * Math.exp(0.8 * normal))) / 64
}

/** What was recorded; filled while it is sent. */
interface Recorded {
  readonly clicks: Record<string, number>
  readonly duration: Record<string, number[]>
  readonly once: Record<string, number[]>
}

/** Many small batches over several flush intervals, and one with a large histogram. */
async function record(beaconUrl: string): Promise<Recorded> {
  const empty = (): Record<string, number[]> => Object.fromEntries(PAGES.map((page) => [page, []]))
  const recorded: Recorded = { clicks: {}, duration: empty(), once: { '/': [] } }
  const connection = openConnection()
  const { seal } = createSession({ service: 'shop', release: '1.4.2' })
  for (let i = 0; i < BATCHES; i++) {
    const page = PAGES[Math.floor(random() * PAGES.length)]!
    const increase = Math.ceil(random() * 640) / 64
    const values = Array.from({ length: 25 }, loadTime)
    const batch = seal({
      counters: [['all.clicks', increase, { page }]],
      histograms: [['all.duration', encodeHistogram(histogramOf(values)), { page }]],
    })
    await connection.postUntilAcknowledged(beaconUrl, [batch])
    recorded.clicks[page] = (recorded.clicks[page] ?? 0) + increase
    recorded.duration[page]!.push(...values)
    if (i === BATCHES / 2) {
      const large = Array.from({ length: 4_000 }, loadTime)
      const histograms = [['all.once', encodeHistogram(histogramOf(large)), { page: '/' }]] as const
      await connection.postUntilAcknowledged(beaconUrl, [seal({ histograms })])
      recorded.once['/']!.push(...large)
    }
    await delay(40)
  }
  connection.close()
  return recorded
}

function histogramOf(values: readonly number[]): ReturnType<typeof createHistogram> {
  const histogram = createHistogram()
  for (const value of values) recordValue(histogram, value)
  return histogram
}

const sumOf = (values: readonly number[]): number => {
  const sum: number[] = []
  for (const value of values) addExact(sum, value)
  return sum[0] ?? 0
}

/** How a receiver keeps a histogram, and so how far a quantile may be off. */
type Keeping = 'exponential' | 'classic' | 'sketch'

interface Subject {
  readonly name: string
  readonly read: Read
  readonly keeping: Keeping
}

/** Between which values a quantile must be, however its rank is rounded. Classic: in the bucket (powers of two) of the true one. */
function bounds(values: readonly number[], q: number, keeping: Keeping): readonly [low: number, high: number] {
  const [low, high] = quantileRange(values, q)
  if (keeping === 'classic') return [2 ** (Math.ceil(Math.log2(low)) - 1), 2 ** Math.ceil(Math.log2(high))]
  const base = baseOf(histogramOf(values).scale)
  const factor = keeping === 'exponential' ? base : base * Math.sqrt(SKETCH_GAMMA)
  // The ends are logarithms of logarithms: a hair's breadth for rounding.
  return [(low / factor) * (1 - 1e-12), high * factor * (1 + 1e-12)]
}

const withoutQuantiles = ({ clicks, duration, once }: Reading): object => {
  const plain = (all: Reading['once']): object =>
    Object.fromEntries(Object.entries(all).map(([page, { count, sum }]) => [page, { count, sum }]))
  return { clicks, duration: plain(duration), once: plain(once) }
}

const countAndSum = (values: readonly number[]): Distribution => ({
  count: values.length,
  sum: sumOf(values),
  quantiles: [],
})

const expectedReading = ({ clicks, duration, once }: Recorded): Reading => {
  const each = (all: Record<string, number[]>): Reading['once'] =>
    Object.fromEntries(Object.entries(all).map(([page, values]) => [page, countAndSum(values)]))
  return { clicks, duration: each(duration), once: each(once) }
}

interface QuantileError {
  readonly where: string
  readonly q: number
  readonly found: number
  readonly bounds: readonly [number, number]
}

/** Quantiles that are further off than they may be. */
function quantileErrors({ name, keeping }: Subject, found: Reading, recorded: Recorded): readonly QuantileError[] {
  return (['duration', 'once'] as const).flatMap((metric) =>
    Object.entries(found[metric]).flatMap(([page, { quantiles }]) =>
      quantiles.flatMap((value, i) => {
        const q = QUANTILES[i]!
        const range = bounds(recorded[metric][page]!, q, keeping)
        const isWithin = value >= range[0] && value <= range[1]
        return isWithin ? [] : [{ where: `${name} ${metric} ${page}`, q, found: value, bounds: range }]
      }),
    ),
  )
}

function printReadings(found: readonly (readonly [Subject, Reading])[], recorded: Recorded): void {
  const row = ({ clicks, duration, once }: Reading): object => {
    const all = Object.values(duration)
    return {
      clicks: Object.values(clicks).reduce((sum, it) => sum + it, 0),
      observed: all.reduce((sum, { count }) => sum + count, 0),
      sum: all.reduce((sum, one) => sum + one.sum, 0),
      'at once': once['/']?.count,
      'sum at once': once['/']?.sum,
      ...Object.fromEntries((once['/']?.quantiles ?? []).map((it, i) => [`p${QUANTILES[i]! * 100}`, it.toFixed(3)])),
    }
  }
  const truth = expectedReading(recorded)
  const quantiles = QUANTILES.map((q) => quantileRange(recorded.once['/']!, q)[1])
  const withQuantiles = { ...truth, once: { '/': { ...truth.once['/']!, quantiles } } }
  console.table(
    Object.fromEntries([['recorded', row(withQuantiles)], ...found.map(([{ name }, reading]) => [name, row(reading)])]),
  )
}

it('the same events have the same counts and sums at every destination', { timeout: 180_000 }, async (ctx) => {
  const [prometheus, vm, pushgateway] = await Promise.all([
    required(ctx, () => startPrometheus({ args: ['--enable-feature=native-histograms'] })),
    required(ctx, startVictoriaMetrics),
    required(ctx, startPushgateway),
  ])
  const standIns = await Promise.all([
    startDatadogStandIn(),
    startDatadogStandIn(),
    startNewRelicStandIn(),
    startHttpStandIn(),
  ])
  for (const { close } of standIns) onTestFinished(close)
  const [datadog, counts, newRelic, http] = standIns
  const remoteWrite = (via: string, settings: object = {}): object => ({
    name: via,
    kind: 'prometheus',
    url: prometheus.writeUrl,
    externalLabels: { via },
    ...settings,
  })
  const worker = await startMiniflare({
    config: {
      flushIntervalMs: FLUSH_INTERVAL_MS,
      metrics: { 'all.duration': { unit: 's', help: 'Time until something is there' } },
      destinations: [
        remoteWrite('rw1'),
        remoteWrite('rw2', { version: '2.0' }),
        remoteWrite('native1', { histograms: 'native' }),
        remoteWrite('native2', { version: '2.0', histograms: 'native' }),
        remoteWrite('vmrw1', { url: vm.writeUrl }),
        {
          name: 'vmotlp',
          kind: 'otlp',
          url: `${vm.url}/opentelemetry/v1/metrics`,
          resourceAttributes: { via: 'vmotlp' },
        },
        { name: 'vmdatadog', kind: 'datadog', url: `${vm.url}/datadog`, tags: { via: 'vmdatadog' } },
        { name: 'gateway', kind: 'pushgateway', url: pushgateway.url, job: 'every' },
        { name: 'jsonl', kind: 'archive', bucket: 'ARCHIVE', intervalMs: 2_000, path: 'jsonl/{time}-{part}.{ext}' },
        {
          name: 'csv',
          kind: 'archive',
          bucket: 'ARCHIVE',
          intervalMs: 2_000,
          format: 'csv',
          compression: 'none',
          path: 'csv/{time}-{part}.{ext}',
        },
        { name: 'datadog', kind: 'datadog', url: datadog.url },
        { name: 'counts', kind: 'datadog', url: counts.url, histograms: 'counts' },
        { name: 'newrelic', kind: 'newrelic', url: newRelic.url },
        { name: 'http', kind: 'http', url: http.url },
      ],
    },
    secrets: { DD_API_KEY: 'datadog-key', NEW_RELIC_LICENSE_KEY: 'license-key' },
  })
  onTestFinished(worker.stop)
  const scraper = await startPrometheus({ targets: [new URL(worker.url).host] })

  const subjects: readonly Subject[] = [
    { name: 'remote-write 1.0, Prometheus', read: readClassic(prometheus, 'via="rw1"'), keeping: 'classic' },
    { name: 'remote-write 2.0, Prometheus', read: readClassic(prometheus, 'via="rw2"'), keeping: 'classic' },
    { name: 'native 1.0, Prometheus', read: readNative(prometheus, 'via="native1"'), keeping: 'exponential' },
    { name: 'native 2.0, Prometheus', read: readNative(prometheus, 'via="native2"'), keeping: 'exponential' },
    { name: '/metrics, Prometheus', read: readClassic(scraper, 'job="scraped"'), keeping: 'classic' },
    { name: 'remote-write 1.0, VictoriaMetrics', read: readClassic(vm, 'via="vmrw1"'), keeping: 'classic' },
    { name: 'OTLP, VictoriaMetrics', read: readVmOtlp(vm, 'via="vmotlp"'), keeping: 'exponential' },
    { name: 'Datadog, VictoriaMetrics', read: readVmDatadog(vm, 'via="vmdatadog"'), keeping: 'sketch' },
    { name: 'Pushgateway', read: readExposition(pushgateway.url, 'job="every"'), keeping: 'classic' },
    { name: 'archive, JSON lines', read: readFiles(worker.readArchive, '.jsonl.gz'), keeping: 'exponential' },
    { name: 'archive, CSV', read: readFiles(worker.readArchive, '.csv'), keeping: 'exponential' },
    { name: 'Datadog, stand-in', read: readStandIn(datadog, 'sketches'), keeping: 'sketch' },
    { name: 'Datadog counts, stand-in', read: readStandIn(counts, 'counts'), keeping: 'sketch' },
    { name: 'New Relic, stand-in', read: readStandIn(newRelic, 'summaries'), keeping: 'sketch' },
    { name: 'http, stand-in', read: readStandIn(http, 'summaries'), keeping: 'sketch' },
  ]

  const recorded = await record(worker.beaconUrl)
  const expected = withoutQuantiles(expectedReading(recorded))
  const isThere = (reading: Reading): boolean => isDeepStrictEqual(withoutQuantiles(reading), expected)
  const deadlineMs = Date.now() + 90_000
  const found: (readonly [Subject, Reading])[] = []
  for (const subject of subjects) {
    let reading = await subject.read()
    while (!isThere(reading) && Date.now() < deadlineMs) {
      await delay(250)
      reading = await subject.read()
    }
    found.push([subject, reading])
  }
  printReadings(found, recorded)
  for (const [{ name }, reading] of found) expect({ name, ...withoutQuantiles(reading) }).toEqual({ name, ...expected })
  expect(found.flatMap(([subject, reading]) => quantileErrors(subject, reading, recorded))).toEqual([])
  expect(standIns.flatMap(({ refusals }) => refusals)).toEqual([])
})
