/** Runs in the page: every case is its own loop, as a call site of a page is its own. */
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { init } from '../../src/index.ts'

/** Makes `calls` calls. */
type Loop = (calls: number) => void

export interface HotPath {
  /** ns per call of one run of about `ROUND_MS`; the first call also finds how many calls that is. */
  readonly time: (name: string) => number
  /** Makes this many calls, unmeasured. */
  readonly run: (name: string, calls: number) => void
  /** Whether Pharos counted every call that was made. */
  readonly isComplete: () => boolean
}

declare global {
  var hotPath: HotPath
}

const ROUND_MS = 20

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

const MASK = 7
const pages = ['/', '/cart', '/basket', '/search', '/product', '/account', '/help', '/about']
/** Durations in seconds as a page measures them, in steps of 0.1 ms: most are short, some are long. */
const seconds = Array.from({ length: 1024 }, (_, i) => Math.round(10 ** (((i * 7919) % 1024) / 400) * 100) / 10_000)

const cases: Readonly<Record<string, Loop>> = {
  'pharos bound add(1)': (calls) => {
    for (let i = 0; i < calls; i++) clicks.add(1)
  },
  'pharos bound record(v)': (calls) => {
    for (let i = 0; i < calls; i++) latency.record(seconds[i & 1023]!)
  },
  'pharos increment': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks')
  },
  'pharos increment, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks', 1, { page: pages[i & MASK]! })
  },
  'pharos increment, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) beacon.increment('clicks', 1, { page: pages[i & MASK]!, cached: (i & 8) === 0 })
  },
  'pharos observe': (calls) => {
    for (let i = 0; i < calls; i++) beacon.observe('latency', seconds[i & 1023]!)
  },
  'pharos observe, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) beacon.observe('latency', seconds[i & 1023]!, { page: pages[i & MASK]! })
  },
  'otel add': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1)
  },
  'otel add, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1, { page: pages[i & MASK]! })
  },
  'otel add, 2 attributes': (calls) => {
    for (let i = 0; i < calls; i++) otelCounter.add(1, { page: pages[i & MASK]!, cached: (i & 8) === 0 })
  },
  'otel record': (calls) => {
    for (let i = 0; i < calls; i++) otelHistogram.record(seconds[i & 1023]!)
  },
  'otel record, 1 attribute': (calls) => {
    for (let i = 0; i < calls; i++) otelHistogram.record(seconds[i & 1023]!, { page: pages[i & MASK]! })
  },
  'otel record, exponential': (calls) => {
    for (let i = 0; i < calls; i++) otelExponential.record(seconds[i & 1023]!)
  },
  'a Map keyed by a template string': (calls) => {
    for (let i = 0; i < calls; i++) {
      const key = `clicks|page=${pages[i & MASK]!}`
      map.set(key, (map.get(key) ?? 0) + 1)
    }
  },
}

const callsOfRound = new Map<string, number>()
let expected = 0

const run = (name: string, calls: number): void => {
  if (name.startsWith('pharos')) expected += calls
  cases[name]!(calls)
}

function calibrate(name: string): number {
  let calls = 1_000
  for (;;) {
    const begin = performance.now()
    run(name, calls)
    const ms = performance.now() - begin
    if (ms >= ROUND_MS) return calls
    calls = Math.ceil(ms > 1 ? (calls * ROUND_MS * 1.1) / ms : calls * 10)
  }
}

globalThis.hotPath = {
  time: (name) => {
    let calls = callsOfRound.get(name)
    if (!calls) callsOfRound.set(name, (calls = calibrate(name)))
    const begin = performance.now()
    run(name, calls)
    return ((performance.now() - begin) * 1e6) / calls
  },
  run,
  isComplete: () => beacon.stats().recorded === expected,
}
