/** One worker with a destination of every kind, each behind a proxy of its own, and one that nothing ever happens to. */
import { setTimeout as delay } from 'node:timers/promises'
import { createSession, openConnection } from './beacon-client.ts'
import { startFaultProxy } from './fault-proxy.ts'
import type { FaultProxy } from './fault-proxy.ts'
import { readMetrics } from './metrics-page.ts'
import { startPoisonGate } from './poison-gate.ts'
import type { Receiver } from './prometheus.ts'
import { startDatadogStandIn, startHttpStandIn, startNewRelicStandIn } from './stand-in.ts'
import type { StandIn, Stored } from './stand-in.ts'
import { startWorkerd } from './workerd.ts'
import type { RunningWorkerd } from './workerd.ts'

/** What a backend says, or what was counted: clicks by page, and one histogram. */
export interface Reading {
  readonly clicks: Readonly<Record<string, number>>
  readonly count: number
  readonly sum: number
}

export interface Subject {
  readonly name: string
  /** Totals are exact whatever happens; else never more than was counted. */
  readonly isExact: boolean
  /** What it gets: everything, or the histogram alone. */
  readonly gets: 'all' | 'histogram'
  readonly proxy: FaultProxy
  readonly read: () => Promise<Reading>
  /** The total of the metric that is refused; 0 where none of it is stored. */
  readonly poison: () => Promise<number>
  /** Takes everything from now on. */
  readonly cure: () => void
}

export interface FaultWorld {
  readonly worker: RunningWorkerd
  readonly subjects: readonly Subject[]
  /** The destination without a proxy. */
  readonly healthy: Omit<Subject, 'proxy' | 'cure'>
  readonly standIns: readonly StandIn[]
  readonly close: () => Promise<void>
}

/** Receivers that all worlds share; `run` tells their series apart. */
export interface SharedReceivers {
  readonly prometheus: Receiver
  readonly victoriaMetrics: Receiver
  readonly pushgatewayUrl: string
}

export interface FaultWorldOptions {
  /** A name for this world: letters only. */
  readonly run: string
  /** A name that every receiver refuses; none by default. */
  readonly poison?: string
}

export const ADMIN_TOKEN = 'an-admin-token-of-32-characters!'

type Written = Readonly<Record<string, unknown>>

interface Plan {
  readonly name: string
  readonly isExact?: false
  /** @default 'all' */
  readonly gets?: Subject['gets']
  readonly target: string
  readonly config: (url: string) => Written
  readonly read: () => Promise<Reading>
  readonly poison: () => Promise<number>
}

const HTTP_TEMPLATES = {
  template: { series: '{{series}}' },
  seriesTemplate: {
    name: '{{name}}',
    attributes: '{{attributes}}',
    value: '{{value}}',
    count: '{{count}}',
    sum: '{{sum}}',
  },
}

export async function startFaultWorld(shared: SharedReceivers, options: FaultWorldOptions): Promise<FaultWorld> {
  const { run, poison } = options
  const standIns = await Promise.all([
    startDatadogStandIn(),
    startDatadogStandIn(),
    startDatadogStandIn(),
    startNewRelicStandIn(),
    startHttpStandIn(),
    startHttpStandIn(),
  ])
  const [counts, sketches, alone, newRelic, http, healthy] = standIns
  const { prometheus, victoriaMetrics, pushgatewayUrl } = shared
  const vm = victoriaMetrics.url
  const plans: readonly Plan[] = [
    ...(['1.0', '2.0'] as const).map((version): Plan => {
      const name = `remote-write-${version[0]}`
      return {
        name,
        target: prometheus.url,
        config: (url) => ({
          kind: 'prometheus',
          version,
          url: `${url}/api/v1/write`,
          externalLabels: { run, via: name },
        }),
        ...readPromql(prometheus, { where: `run="${run}",via="${name}"`, names: 'prometheus' }),
      }
    }),
    ...(['cumulative', 'delta'] as const).map((temporality): Plan => {
      const name = `otlp-${temporality}`
      const where = `run="${run}",via="${name}"`
      return {
        name,
        target: vm,
        config: (url) => ({
          kind: 'otlp',
          temporality,
          url: `${url}/opentelemetry/v1/metrics`,
          resourceAttributes: { run, via: name },
        }),
        ...readPromql(victoriaMetrics, { where, names: 'otel', ...(temporality === 'delta' ? { over: '30m' } : {}) }),
      }
    }),
    {
      name: 'datadog-counts',
      target: counts.url,
      config: (url) => ({ kind: 'datadog', url, apiKeySecret: 'DD_API_KEY', histograms: 'counts' }),
      ...readStandIn(counts, 'counts'),
    },
    {
      name: 'datadog-sketches',
      isExact: false,
      target: sketches.url,
      config: (url) => ({ kind: 'datadog', url, apiKeySecret: 'DD_API_KEY', histograms: 'distribution' }),
      ...readStandIn(sketches, 'histogram'),
    },
    {
      // Here nothing goes before the sketches and meets the fault in their place.
      name: 'datadog-alone',
      isExact: false,
      gets: 'histogram',
      target: alone.url,
      config: (url) => ({ kind: 'datadog', url, apiKeySecret: 'DD_API_KEY', include: ['fault.duration'] }),
      ...readStandIn(alone, 'histogram'),
    },
    {
      name: 'newrelic',
      isExact: false,
      target: newRelic.url,
      config: (url) => ({ kind: 'newrelic', url, apiKeySecret: 'NEW_RELIC_LICENSE_KEY', inDoubt: 'drop' }),
      ...readStandIn(newRelic, 'histogram'),
    },
    {
      name: 'pushgateway',
      target: pushgatewayUrl,
      config: (url) => ({ kind: 'pushgateway', url, job: run }),
      ...readPushgateway(pushgatewayUrl, run),
    },
    {
      name: 'http',
      target: http.url,
      config: (url) => ({ kind: 'http', url, ...HTTP_TEMPLATES }),
      ...readStandIn(http, 'histogram'),
    },
  ]
  const gates = await Promise.all(
    poison === undefined ? [] : plans.map(({ target }) => startPoisonGate(target, poison)),
  )
  const proxies = await Promise.all(plans.map(({ target }, i) => startFaultProxy(gates[i]?.url ?? target)))
  const destinations = plans.map(({ name, config }, i) => ({ name, ...config(proxies[i]!.url), timeoutMs: 1_000 }))
  const worker = await startWorkerd({
    config: {
      flushIntervalMs: 1_000,
      destinations: [...destinations, { name: 'healthy', kind: 'http', url: healthy.url, ...HTTP_TEMPLATES }],
    },
    secrets: { DD_API_KEY: 'datadog-key', NEW_RELIC_LICENSE_KEY: 'license-key', ADMIN_TOKEN },
  })
  return {
    worker,
    subjects: plans.map(({ name, isExact = true, gets = 'all', read, poison }, i): Subject => {
      const proxy = proxies[i]!
      return { name, isExact, gets, read, poison, proxy, cure: () => proxy.setTarget(plans[i]!.target) }
    }),
    healthy: { name: 'healthy', isExact: true, gets: 'all', ...readStandIn(healthy, 'histogram') },
    standIns,
    close: async () => {
      await worker.kill()
      for (const { close } of [...proxies, ...gates, ...standIns]) await close()
    },
  }
}

type Read = Pick<Subject, 'read' | 'poison'>

interface PromqlOptions {
  readonly where: string
  readonly names: 'prometheus' | 'otel'
  /** With deltas: how far back to add up. */
  readonly over?: string
}

function readPromql({ query }: Receiver, { where, names, over }: PromqlOptions): Read {
  const selectorOf = (name: string): string => {
    const selector = `{__name__="${name}",${where}}`
    return over === undefined ? selector : `sum_over_time(${selector}[${over}])`
  }
  const ask = async (name: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await query(selectorOf(name))).map(({ labels, points }) => [labels['page'] ?? '', points[0]![1]]),
    )
  const [clicks, duration, poison] =
    names === 'otel'
      ? ['fault.clicks', 'fault.duration', 'fault.poison']
      : ['fault_clicks_total', 'fault_duration', 'fault_poison_total']
  return {
    read: async () => ({
      clicks: await ask(clicks),
      count: (await ask(`${duration}_count`))[''] ?? 0,
      sum: (await ask(`${duration}_sum`))[''] ?? 0,
    }),
    poison: async () => (await ask(poison))[''] ?? 0,
  }
}

function readStandIn(standIn: StandIn, histograms: 'counts' | 'histogram'): Read {
  const of = (metric: string): Stored | undefined => standIn.totals(metric, '').get('')
  return {
    read: async () => ({
      clicks: Object.fromEntries([...standIn.totals('fault.clicks', 'page')].map(([page, { value }]) => [page, value])),
      count: (histograms === 'counts' ? of('fault.duration.count')?.value : of('fault.duration')?.count) ?? 0,
      sum: (histograms === 'counts' ? of('fault.duration.sum')?.value : of('fault.duration')?.sum) ?? 0,
    }),
    poison: async () => of('fault.poison')?.value ?? 0,
  }
}

function readPushgateway(url: string, job: string): Read {
  const read = async (name: string): Promise<[page: string, value: number][]> =>
    [...(await readMetrics(url))]
      .filter(([sample]) => sample.startsWith(`${name}{`) && sample.includes(`job="${job}"`))
      .map(([sample, value]) => [/page="([^"]*)"/.exec(sample)?.[1] ?? '', value])
  return {
    read: async () => ({
      clicks: Object.fromEntries(await read('fault_clicks_total')),
      count: (await read('fault_duration_count'))[0]?.[1] ?? 0,
      sum: (await read('fault_duration_sum'))[0]?.[1] ?? 0,
    }),
    poison: async () => (await read('fault_poison_total'))[0]?.[1] ?? 0,
  }
}

export interface Traffic {
  /** How often the poisoned metric was counted. */
  readonly poisoned: () => number
  /** What is acknowledged so far. */
  readonly counted: () => Reading
  /** @returns what was counted in all */
  readonly stop: () => Promise<Reading>
}

const POINTS_PER_BATCH = 150

/** Pages that click and observe, wave after wave. `poison` is one more counter in every wave. */
export function startTraffic(beaconUrl: string, options: { pages: number; poison?: string }): Traffic {
  const over = new AbortController()
  const clicks: Record<string, number> = {}
  let [count, sum, poisoned] = [0, 0, 0]
  const pages = Array.from({ length: options.pages }, (_, i) => `/${i}`)
  const sending = (async () => {
    const connection = openConnection()
    const { seal } = createSession()
    for (let wave = 1; !over.signal.aborted; wave++) {
      for (let from = 0; from < pages.length; from += POINTS_PER_BATCH) {
        const some = pages.slice(from, from + POINTS_PER_BATCH)
        const seconds = ((wave * 37) % 640) / 64
        const batch = seal({
          counters: [
            ...some.map((page, i) => ['fault.clicks', wave + i, { page }] as const),
            ...(options.poison === undefined ? [] : [[options.poison, 1] as const]),
          ],
          histograms: [['fault.duration', seconds]],
        })
        await connection.postUntilAcknowledged(beaconUrl, [batch])
        for (const [i, page] of some.entries()) clicks[page] = (clicks[page] ?? 0) + wave + i
        count++
        if (options.poison !== undefined) poisoned++
        sum += seconds
      }
      await delay(100)
    }
    connection.close()
  })()
  const counted = (): Reading => ({ clicks: { ...clicks }, count, sum })
  return {
    counted,
    poisoned: () => poisoned,
    stop: async () => {
      over.abort()
      await sending
      return counted()
    },
  }
}
