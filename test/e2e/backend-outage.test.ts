import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { folderBytes, residentBytes } from '../support/resources.ts'
import { until } from '../support/until.ts'
import { startWorkerd } from '../support/workerd.ts'

afterEach(stopPrograms)

const FLUSH_INTERVAL_MS = 1_000
const PAGES = 50

/** Beacons that keep coming; `page` is a label, so that some series begin while the backend is down. */
function startTraffic(beaconUrl: string): {
  readonly grow: () => void
  readonly stop: () => Promise<Map<string, number>>
} {
  const over = new AbortController()
  const counted = new Map<string, number>()
  let pages = PAGES
  const sending = (async () => {
    const connection = openConnection()
    const { seal } = createSession()
    for (let i = 0; !over.signal.aborted; i++) {
      const page = `/${i % pages}`
      await connection.postUntilAcknowledged(beaconUrl, [seal({ counters: [['outage.clicks', 3, { page }]] })])
      counted.set(page, (counted.get(page) ?? 0) + 3)
      await delay(5)
    }
    connection.close()
  })()
  return {
    grow: () => void (pages += PAGES),
    stop: async () => {
      over.abort()
      await sending
      return counted
    },
  }
}

const byPage = async (receiver: Receiver, promql: string, timeMs?: number): Promise<Map<string, number>> => {
  const series = await receiver.query(promql, timeMs)
  return new Map(series.map(({ labels, points }) => [labels['page']!, points[0]![1]]))
}

it('loses no count while Prometheus is down for more than three export intervals', async (ctx) => {
  const prometheus = await required(ctx, startPrometheus)
  const destinations = [{ name: 'main', kind: 'prometheus', url: prometheus.writeUrl }]
  const worker = await startWorkerd({ config: { flushIntervalMs: FLUSH_INTERVAL_MS, destinations } })
  const measure = (): { memory: number; storage: number } => ({
    memory: residentBytes(worker.pid),
    storage: folderBytes(worker.storageDir),
  })
  const traffic = startTraffic(worker.beaconUrl)
  await until(
    () => byPage(prometheus, 'outage_clicks_total'),
    (totals) => totals.size === PAGES,
  )
  const before = measure()

  await prometheus.kill()
  traffic.grow()
  await delay(3.5 * FLUSH_INTERVAL_MS)
  const during = measure()
  expect(await healthOf(worker.url)).toBe('failing')
  const again = await startPrometheus({ dir: prometheus.dir, port: prometheus.port })

  await delay(2 * FLUSH_INTERVAL_MS)
  const counted = await traffic.stop()
  await until(
    () => byPage(again, 'outage_clicks_total'),
    (totals) => isDeepStrictEqual(totals, counted),
    { timeoutMs: 120_000, everyMs: 250 },
  )

  // All series of a flush have one time; at the time of a sample there is nothing to extrapolate.
  const timeMs = (await again.value('max(timestamp(outage_clicks_total))'))! * 1_000
  const increases = await byPage(again, 'increase(outage_clicks_total[1h])', timeMs)
  expect(increases).toEqual(counted)

  expect(await healthOf(worker.url)).toBe('ok')

  const after = measure()
  console.log('workerd before, during and after the outage, MB:', ...[before, during, after].map(inMegabytes))
  expect(after.memory).toBeLessThan(before.memory + 64_000_000)
  // SQLite lets the write-ahead logs of its two databases grow to 1,000 pages of 4 KiB before it starts over.
  expect(after.storage).toBeLessThan(10_000_000)
})

const healthOf = async (url: string): Promise<string> =>
  ((await (await fetch(`${url}/health`)).json()) as { status: string }).status

const inMegabytes = ({ memory, storage }: { memory: number; storage: number }): string =>
  `memory ${(memory / 1e6).toFixed(1)}, storage ${(storage / 1e6).toFixed(2)};`
