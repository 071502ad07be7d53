import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'
import { startWorkerd } from '../support/workerd.ts'
import type { RunningWorkerd } from '../support/workerd.ts'

afterAll(stopPrograms)

interface Way {
  readonly name: string
  readonly start: () => Promise<Receiver>
  /** The destination, with the receiver's address. */
  readonly destination: (receiver: Receiver) => Readonly<Record<string, unknown>>
  /** The counter at the backend. */
  readonly series: string
}

const remoteWrite =
  (version: string) =>
  ({ writeUrl: url }: Receiver) => ({ kind: 'prometheus', version, url })

const WAYS: readonly Way[] = [
  {
    name: 'remote-write 1.0 to Prometheus',
    start: startPrometheus,
    destination: remoteWrite('1.0'),
    series: 'order_clicks_total',
  },
  {
    name: 'remote-write 2.0 to Prometheus',
    start: startPrometheus,
    destination: remoteWrite('2.0'),
    series: 'order_clicks_total',
  },
  {
    name: 'remote-write 1.0 to VictoriaMetrics',
    start: startVictoriaMetrics,
    destination: remoteWrite('1.0'),
    series: 'order_clicks_total',
  },
  // It speaks no 2.0: the fallback must lose nothing.
  {
    name: 'remote-write 2.0 to VictoriaMetrics',
    start: startVictoriaMetrics,
    destination: remoteWrite('2.0'),
    series: 'order_clicks_total',
  },
  {
    name: 'OTLP to VictoriaMetrics',
    start: startVictoriaMetrics,
    destination: ({ url }) => ({ kind: 'otlp', url: `${url}/opentelemetry/v1/metrics` }),
    series: '{__name__="order.clicks"}',
  },
]

interface Rig {
  readonly receiver: Receiver
  /** Counts in a session of its own; resolves when it is acknowledged. */
  readonly count: (increase: number) => Promise<void>
  readonly killAndRestart: () => Promise<void>
  /** Until the backend shows this as the newest value of the series. */
  readonly shows: (value: number | undefined) => Promise<unknown>
}

async function startRig({ start, destination, series }: Way, staleAfterMs: number): Promise<Rig> {
  const receiver = await start()
  let worker: RunningWorkerd = await startWorkerd({
    config: {
      flushIntervalMs: 500,
      staleAfterMs,
      destinations: [{ name: 'main', ...destination(receiver) }],
    },
  })
  return {
    receiver,
    count: async (increase) => {
      const connection = openConnection()
      const batch = createSession().seal({ counters: [['order.clicks', increase]] })
      await connection.postUntilAcknowledged(worker.beaconUrl, [batch])
      connection.close()
    },
    killAndRestart: async () => {
      await worker.kill()
      worker = await worker.restart()
    },
    shows: (value) =>
      until(
        () => receiver.value(series),
        (found) => found === value,
      ),
  }
}

interface Sample {
  readonly value: number
  /** What the samples so far add up to, resets taken for what they are. */
  readonly expected: number
  readonly increase: number | undefined
}

/** Every sample of the series with `increase()` at its time, from the second on: one sample has no increase. */
async function samplesOf({ receiver }: Rig, { series }: Way): Promise<readonly Sample[]> {
  const all = await receiver.query(`${series}[10m]`)
  expect(all).toHaveLength(1)
  const samples: Sample[] = []
  let [before, expected] = [0, 0]
  // VictoriaMetrics shows its stale markers, as NaN.
  for (const [timeSeconds, value] of all[0]!.points.filter(([, value]) => !Number.isNaN(value))) {
    expected += value < before ? value : value - before
    before = value
    const increase = await receiver.value(`increase(${series}[10m])`, timeSeconds * 1_000)
    samples.push({ value, expected, increase })
  }
  return samples
}

/** The zero rule: a series begins with 0, and begins so again after every time it fell. */
const beginnings = (samples: readonly Sample[]): number[] =>
  samples.filter(({ value }, i) => i === 0 || value < samples[i - 1]!.value).map(({ value }) => value)

const expectRight = (samples: readonly Sample[]): void =>
  expect(samples.slice(1).map(({ increase }) => increase)).toEqual(samples.slice(1).map(({ expected }) => expected))

describe.concurrent.each(WAYS)('increase() over $name', (way) => {
  it('is right at every sample while the worker is killed between and during flushes', async (ctx) => {
    const rig = await required(ctx, () => startRig(way, 600_000))
    await rig.count(5)
    await rig.shows(5)
    let total = 5
    for (const [i, pauseMs] of [0, 130, 290, 420, 510].entries()) {
      await rig.count(i + 1)
      total += i + 1
      // Another place in the flush interval each time: before the flush, in it, after it.
      await delay(pauseMs)
      await rig.killAndRestart()
    }
    await rig.count(100)
    await rig.shows(total + 100)
    const samples = await samplesOf(rig, way)
    expectRight(samples)
    expect(beginnings(samples)).toEqual([0])
    expect(samples.at(-1)).toMatchObject({ value: total + 100, increase: total + 100 })
  })

  it('is right when an idle series ends and returns, from zero, over a restart too', async (ctx) => {
    const rig = await required(ctx, () => startRig(way, 2_000))
    await rig.count(500)
    await rig.shows(500)
    // The stale marker: it is gone at once, and not only after five minutes.
    await rig.shows(undefined)
    await rig.count(3)
    await rig.shows(3)
    await rig.shows(undefined)
    await rig.killAndRestart()
    await rig.count(40)
    await rig.shows(40)
    const samples = await samplesOf(rig, way)
    expectRight(samples)
    expect(beginnings(samples)).toEqual([0, 0, 0])
    expect(samples.at(-1)).toMatchObject({ value: 40, increase: 543 })
  })
})
