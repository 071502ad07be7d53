/** Runs in the page: Pharos and OpenTelemetry. Every case is its own loop, as a call site of a page is its own. */
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { init } from '../../src/index.ts'
import { createHotPath, isCached, pageOf, secondsOf } from './hot-path-page.ts'

const beacon = init({ service: 'bench' })
const clicks = beacon.counter('bound.clicks')
const latency = beacon.histogram('bound.latency')

const exporter = {
  export: (_: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
  forceFlush: async () => {},
  shutdown: async () => {},
}
// The longest interval a timer takes: it never fires.
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 })
const exponential = { instrumentName: 'otel.exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }
const meter = new MeterProvider({ readers: [reader], views: [exponential] }).getMeter('bench')
const otelCounter = meter.createCounter('otel.clicks')
const otelHistogram = meter.createHistogram('otel.latency')
const otelExponential = meter.createHistogram('otel.exponential')

const map = new Map<string, number>()
let kept: object | undefined

const hotPath = createHotPath({
  'Pharos: bound add(1)': (calls) => {
    for (let i = 0; i < calls; i++) clicks.add(1)
  },
  'Pharos: bound record(v)': (calls) => {
    for (let i = 0; i < calls; i++) latency.record(secondsOf(i))
  },
  'Pharos: increment': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks')
  },
  'Pharos: increment, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks', 1, { page: pageOf(i) })
  },
  'Pharos: increment, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks', 1, { page: pageOf(i), cached: isCached(i) })
  },
  'Pharos: observe': (calls) => {
    for (let i = 0; i < calls; i++) beacon.observe('latency', secondsOf(i))
  },
  'Pharos: observe, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) beacon.observe('latency', secondsOf(i), { page: pageOf(i) })
  },
  'Pharos: observe, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) beacon.observe('latency', secondsOf(i), { page: pageOf(i), cached: isCached(i) })
  },
  'OpenTelemetry: increment': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1)
  },
  'OpenTelemetry: increment, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1, { page: pageOf(i) })
  },
  'OpenTelemetry: increment, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1, { page: pageOf(i), cached: isCached(i) })
  },
  'OpenTelemetry: observe': (calls) => {
    for (let i = 0; i < calls; i++) otelHistogram.record(secondsOf(i))
  },
  'OpenTelemetry: observe, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) otelHistogram.record(secondsOf(i), { page: pageOf(i) })
  },
  'OpenTelemetry: observe, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) otelHistogram.record(secondsOf(i), { page: pageOf(i), cached: isCached(i) })
  },
  'OpenTelemetry: observe, exponential': (calls) => {
    for (let i = 0; i < calls; i++) otelExponential.record(secondsOf(i))
  },
  'A Map keyed by a template string': (calls) => {
    for (let i = 0; i < calls; i++) {
      const key = `clicks|page=${pageOf(i)}`
      map.set(key, (map.get(key) ?? 0) + 1)
    }
  },
  'Control: an object a call': (calls) => {
    for (let i = 0; i < calls; i++) kept = { i, kept: undefined }
  },
})

globalThis.hotPath = {
  ...hotPath,
  isComplete: () => kept !== undefined && beacon.stats().recorded === hotPath.made('Pharos'),
}
