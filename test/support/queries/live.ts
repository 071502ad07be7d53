import { setTimeout as delay } from 'node:timers/promises'
import { createSession, openConnection } from '../beacon-client.ts'
import { seededRandom } from '../page-plan.ts'
import type { Receiver } from '../prometheus.ts'
import { until } from '../until.ts'
import { startWorkerd } from '../workerd.ts'

/** What went through the worker and was acknowledged. */
export interface Acknowledged {
  readonly steady: number
  readonly young: number
  /** Over its first end and its return. */
  readonly returning: number
  /** Observations of the histogram. */
  readonly observations: number
}

export const FLUSH_MS = 1_000
const STALE_MS = 6_000

/** The selector of each series, and all of them. */
export const LIVE = {
  steady: 'live_clicks_total{series="steady"}',
  young: 'live_clicks_total{series="young"}',
  returning: 'live_clicks_total{series="returning"}',
  observations: 'live_duration_seconds_count',
  all: 'live_clicks_total',
} as const

type CounterName = 'steady' | 'young' | 'returning'

/**
 * Counts through a real worker: one series all the time, one that ends and returns and ends, and one that begins in between.
 * Resolves when the receiver has it all.
 */
export async function countLive(receiver: Receiver): Promise<Acknowledged> {
  const worker = await startWorkerd({
    config: {
      flushIntervalMs: FLUSH_MS,
      staleAfterMs: STALE_MS,
      metrics: { 'live.duration': { unit: 's' } },
      destinations: [{ name: 'main', kind: 'prometheus', url: receiver.writeUrl }],
    },
  })
  const counted = { steady: 0, young: 0, returning: 0, observations: 0 }
  const connection = openConnection()
  const session = createSession()
  const count = async (series: CounterName, increase: number): Promise<void> => {
    const batch = session.seal({ counters: [['live.clicks', increase, { series }]] })
    await connection.postUntilAcknowledged(worker.beaconUrl, [batch])
    counted[series] += increase
  }
  const shows = (series: CounterName, wanted: number | undefined): Promise<unknown> =>
    until(
      () => receiver.value(LIVE[series]),
      (value) => value === wanted,
    )
  const whileCounting = countSteadily(async (increase) => {
    await count('steady', increase)
    const batch = session.seal({ histograms: [['live.duration', increase / 8]] })
    await connection.postUntilAcknowledged(worker.beaconUrl, [batch])
    counted.observations++
  })
  await count('returning', 50)
  await shows('returning', 50)
  await shows('returning', undefined)
  for (let i = 0; i < 20; i++) await count('young', 1)
  await count('returning', 3)
  await shows('returning', 3)
  await shows('returning', undefined)
  await whileCounting.stop()
  await shows('steady', counted.steady)
  connection.close()
  await worker.stop()
  return counted
}

/** Calls again and again, a few times a second, until it is stopped. */
function countSteadily(count: (increase: number) => Promise<void>): { readonly stop: () => Promise<void> } {
  const random = seededRandom(3)
  const stopped = new AbortController()
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await count(1 + Math.floor(9 * random()))
      await delay(100 * random())
    }
  })()
  return {
    stop: () => {
      stopped.abort()
      return running
    },
  }
}
