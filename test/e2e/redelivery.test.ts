import * as fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { EncodedBatch } from '../../src/protocol/envelope.ts'
import { createSession, openConnection } from '../support/beacon-client.ts'
import { readMetrics, total } from '../support/metrics-page.ts'
import { stopPrograms } from '../support/processes.ts'
import { startWorkerd } from '../support/workerd.ts'
import type { RunningWorkerd } from '../support/workerd.ts'

afterEach(stopPrograms)

/** One batch: which of the sessions sealed it, what it counts and observes, how often it is delivered. */
interface Sealed {
  readonly session: number
  readonly page: string
  readonly clicks: number
  readonly seconds: number
  readonly deliveries: number
}

const anySealed: fc.Arbitrary<Sealed> = fc.record({
  session: fc.nat(9),
  page: fc.constantFrom('/', '/cart', '/search'),
  clicks: fc.integer({ min: 1, max: 1_000 }),
  // Multiples of 2^-10: their sums are exact in any order, so the expected sum needs no exact arithmetic of its own.
  seconds: fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 1_024),
  deliveries: fc.integer({ min: 1, max: 5 }),
})

/** Requests as they go out: each some of the batches, in an order that has nothing to do with the sealing. */
const anyPlan = fc.array(anySealed, { minLength: 100, maxLength: 200 }).chain((sealed) => {
  const deliveries = sealed.flatMap(({ deliveries }, index) => Array<number>(deliveries).fill(index))
  return fc.record({
    sealed: fc.constant(sealed),
    order: fc.shuffledSubarray([...deliveries.keys()], { minLength: deliveries.length }).map((order) => order.map((i) => deliveries[i]!)), // prettier-ignore
    batchesPerRequest: fc.integer({ min: 1, max: 5 }),
    restarts: fc.array(fc.constantFrom('kill', 'stop'), { minLength: 2, maxLength: 3 }),
  })
})

const seal = (sealed: readonly Sealed[]): readonly EncodedBatch[] => {
  const sessions = Array.from({ length: 10 }, () => createSession({ service: 'shop' }))
  return sealed.map(({ session, page, clicks, seconds }) =>
    sessions[session]!.seal({
      counters: [['redelivered.clicks', clicks, { page }]],
      histograms: [['redelivered.duration', seconds, { page }]],
    }),
  )
}

/** Sends all requests over two connections at once, with restarts in between. @returns the worker as it is then */
async function deliver(
  worker: RunningWorkerd,
  requests: readonly (readonly EncodedBatch[])[],
  restarts: readonly ('kill' | 'stop')[],
): Promise<RunningWorkerd> {
  const connections = [openConnection(), openConnection()]
  const stretch = Math.ceil(requests.length / (restarts.length + 1))
  for (const [i, how] of [...restarts, undefined].entries()) {
    const waiting = requests.slice(i * stretch, (i + 1) * stretch)
    const half = Math.floor(waiting.length / 2)
    const sending = connections.map(async ({ postUntilAcknowledged }, connection) => {
      for (let request = waiting.shift(); request; request = waiting.shift()) {
        await postUntilAcknowledged(worker.beaconUrl, request)
        // The restart falls into the middle: what is in flight is sent again.
        if (how && connection === 0 && waiting.length === half) break
      }
    })
    if (how) {
      await sending[0]
      await worker[how]()
      worker = await worker.restart()
    }
    await Promise.all(sending)
  }
  for (const { close } of connections) close()
  return worker
}

it('counts each batch once, delivered 1 to 5 times in any order over two connections and restarts', async () => {
  const check = fc.asyncProperty(anyPlan, async ({ sealed, order, batchesPerRequest, restarts }) => {
    const batches = seal(sealed)
    const requests = Array.from({ length: Math.ceil(order.length / batchesPerRequest) }, (_, i) =>
      order.slice(i * batchesPerRequest, (i + 1) * batchesPerRequest).map((index) => batches[index]!),
    )
    const worker = await deliver(await startWorkerd(), requests, restarts)
    const metrics = await readMetrics(worker.url)
    for (const page of ['/', '/cart', '/search']) {
      const own = sealed.filter((one) => one.page === page)
      const labels = `{page="${page}",service="shop"}`
      expect(metrics.get(`redelivered_clicks_total${labels}`) ?? 0).toBe(sumOf(own, 'clicks'))
      expect(metrics.get(`redelivered_duration_count${labels}`) ?? 0).toBe(own.length)
      expect(metrics.get(`redelivered_duration_sum${labels}`) ?? 0).toBe(sumOf(own, 'seconds'))
    }
    expect(total(metrics, 'redelivered_clicks_total')).toBe(sumOf(sealed, 'clicks'))
    await stopPrograms()
  })
  await fc.assert(check, { numRuns: 4, endOnFailure: true })
})

const sumOf = (sealed: readonly Sealed[], key: 'clicks' | 'seconds'): number =>
  sealed.reduce((sum, one) => sum + one[key], 0)
