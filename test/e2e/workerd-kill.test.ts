import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { stopPrograms } from '../support/processes.ts'
import { startWorkerd } from '../support/workerd.ts'

afterEach(stopPrograms)

const KILLS = 20
const CLIENTS = 16

interface Load {
  /** Lets every client finish the batch it is at. @returns how many were acknowledged and what they add up to */
  readonly finish: () => Promise<{ readonly batches: number; readonly weight: number; readonly retried: number }>
}

/** Clients that send one batch after the other, each until it is acknowledged. */
function startLoad(beaconUrl: string): Load {
  const over = new AbortController()
  const clients = Array.from({ length: CLIENTS }, async () => {
    const { seal } = createSession()
    const connection = openConnection()
    const sent = { batches: 0, weight: 0, retried: 0 }
    while (!over.signal.aborted) {
      // Every batch weighs something else: one lost and another doubled cannot cancel out.
      const weight = sent.batches + 1
      const batch = seal({ counters: [['kill.batches', 1], ['kill.weight', weight]], histograms: [['kill.size', weight]] }) // prettier-ignore
      const statuses = await connection.postUntilAcknowledged(beaconUrl, [batch])
      sent.batches++
      sent.weight += weight
      if (statuses.length > 1) sent.retried++
    }
    connection.close()
    return sent
  })
  return {
    finish: async () => {
      over.abort()
      const sent = await Promise.all(clients)
      const sumOf = (key: 'batches' | 'weight' | 'retried'): number => sent.reduce((sum, one) => sum + one[key], 0)
      return { batches: sumOf('batches'), weight: sumOf('weight'), retried: sumOf('retried') }
    },
  }
}

it(`counts every acknowledged batch once over ${KILLS} kill -9 under load`, async () => {
  let worker = await startWorkerd()
  const load = startLoad(worker.beaconUrl)
  for (let kill = 0; kill < KILLS; kill++) {
    await delay(50 + Math.random() * 350)
    await worker.kill()
    worker = await worker.restart()
  }
  const sent = await load.finish()
  console.log(`${KILLS} kills: ${sent.batches} batches acknowledged, ${sent.retried} after a retry`)
  const metrics = await readMetrics(worker.url)
  expect(total(metrics, 'kill_batches_total')).toBe(sent.batches)
  expect(total(metrics, 'kill_weight_total')).toBe(sent.weight)
  expect(total(metrics, 'kill_size_count')).toBe(sent.batches)
  expect(total(metrics, 'kill_size_sum')).toBe(sent.weight)
  // The kills did interrupt something.
  expect(sent.retried).toBeGreaterThan(KILLS / 2)
})
