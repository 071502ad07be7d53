import { afterEach, describe, expect, it } from 'vitest'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import type { Receiver } from '../support/prometheus.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'
import { startWorkerd } from '../support/workerd.ts'

afterEach(stopPrograms)

const SERIES = 'checkout_clicks_total'

interface Pipe {
  /** Counts in a session of its own, and resolves when the backend shows the new total. */
  readonly count: (increase: number) => Promise<void>
}

async function startPipe(receiver: Receiver): Promise<Pipe> {
  const worker = await startWorkerd({
    config: { flushIntervalMs: 1_000, destinations: [{ name: 'main', kind: 'prometheus', url: receiver.writeUrl }] },
  })
  let total = 0
  return {
    count: async (increase) => {
      total += increase
      const connection = openConnection()
      const batch = createSession().seal({ counters: [['checkout.clicks', increase]] })
      await connection.postUntilAcknowledged(worker.beaconUrl, [batch])
      connection.close()
      await until(
        () => receiver.value(SERIES),
        (value) => value === total,
      )
    },
  }
}

/**
 * `increase()` at the time of each sample but the first (one sample has no increase). Prometheus extrapolates beyond the
 * last sample by up to 1.1 intervals; at the time of a sample there is nothing to extrapolate, so no rounding is needed.
 * `queries.test.ts` asks between samples.
 */
async function increases(receiver: Receiver): Promise<readonly { value: number; increase: number | undefined }[]> {
  const [series] = await receiver.query(`${SERIES}[5m]`)
  const samples = series?.points.slice(1) ?? []
  return Promise.all(
    samples.map(async ([timeSeconds, value]) => ({
      value,
      increase: await receiver.value(`increase(${SERIES}[5m])`, timeSeconds * 1_000),
    })),
  )
}

describe.each<[string, () => Promise<Receiver>]>([
  ['Prometheus', startPrometheus],
  ['VictoriaMetrics', startVictoriaMetrics],
])('increase() on %s', (_name, start) => {
  it.for<[readonly number[], number]>([
    [[5], 5],
    [[500, 3], 503],
  ])('of a series that counts %j is %i, and right at every sample before', async ([counts, expected], ctx) => {
    const receiver = await required(ctx, start)
    const { count } = await startPipe(receiver)
    for (const increase of counts) await count(increase)
    const found = await increases(receiver)
    expect(found.at(-1)).toEqual({ value: expected, increase: expected })
    expect(found.map(({ increase }) => increase)).toEqual(found.map(({ value }) => value))
  })
})
