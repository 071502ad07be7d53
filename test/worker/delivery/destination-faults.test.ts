import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDestination } from '../../../worker/delivery/destination.ts'
import { MAX_TRIES } from '../../../worker/delivery/with-retry.ts'
import type { CumulativeDestination } from '../../../worker/delivery/destination-api.ts'
import type { SeriesKey, SnapshotSeries } from '../../../worker/model/types.ts'
import { counterOf, snapshotOf, testDestination } from '../../contract/snapshots.ts'
import { type Answer, createFakeWorld } from './fake-world.ts'
import { createFakeReceiver } from './fake-receiver.ts'
import { pushSnapshot } from './pushing.ts'

const FLUSH_MS = 10_000

/** What happens to one request. 'lost answer': it is stored, but no answer comes. */
const anyFault = fc.oneof(
  { arbitrary: fc.constant('none' as const), weight: 4 },
  { arbitrary: fc.constantFrom('lost request' as const, 'lost answer' as const), weight: 3 },
  { arbitrary: fc.constantFrom(429, 500, 503), weight: 2 },
  { arbitrary: fc.constant({ status: 503, headers: { 'retry-after': '3' } }), weight: 1 },
)

/** What pages count between two flushes: for some series an increase. */
const anyFlushes = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { minLength: 1, maxLength: 12 })

describe('a destination over a bad network', () => {
  it('brings every series that it may from a zero to its total, in order, with one request in flight', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFlushes,
        fc.array(anyFault, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
        async (...drawn) => {
          const [flushes, faults, maxSeriesPerRequest, poisoned] = drawn
          const isPoison = (series: string): boolean => poisoned.some((id) => series.includes(`id=${id}`))
          const receiver = createFakeReceiver(isPoison)
          const trouble = [...faults]
          const acknowledged = new Map<string, number>()
          let pushStart = 0
          const world = createFakeWorld(({ body }, index): Answer => {
            const fault = trouble.shift() ?? 'none'
            if (fault === 'lost request') return 'broken'
            if (typeof fault !== 'string') return fault
            const text = body.join()
            // Nothing that was acknowledged is sent again in the same push.
            expect(acknowledged.get(text) ?? -1).toBeLessThan(pushStart)
            const status = receiver.write(body)
            if (fault === 'none' && status === 204) acknowledged.set(text, index)
            return fault === 'lost answer' ? 'broken' : status
          })
          const config = testDestination({ maxSeriesPerRequest })
          const destination = createDestination(config, world) as CumulativeDestination
          const totals = new Map<number, number>()
          const zeroed = new Set<SeriesKey>()
          let previousMs = world.now()

          const flush = async (): Promise<string> => {
            world.advance(FLUSH_MS)
            const timeMs = world.now()
            const series: SnapshotSeries[] = [...totals].map(([id, total]) => {
              const made = counterOf('x', total, { attributes: { id } })
              return { ...made, phase: zeroed.has(made.key) ? 'live' : 'new' }
            })
            pushStart = world.calls.length
            const report = await pushSnapshot(destination, { ...snapshotOf(...series), timeMs, previousMs }, (keys) => {
              for (const key of keys) zeroed.add(key)
            })
            const sent = world.calls.length - pushStart
            expect(Object.values(report.requests).reduce((sum, count) => sum + count, 0)).toBe(sent)
            // A request, and the halves of those that are cut, each with its tries.
            expect(sent).toBeLessThanOrEqual(2 * (2 * totals.size) * MAX_TRIES)
            previousMs = timeMs
            return report.outcome
          }

          for (const counted of flushes) {
            for (const id of counted) totals.set(id, (totals.get(id) ?? 0) + id + 1)
            await flush()
          }
          trouble.length = 0
          world.advance(60_000)
          const good = [...totals].filter(([id]) => !poisoned.includes(id))
          const partly = good.length > 0 ? 'partly' : 'failed'
          expect(await flush()).toBe(good.length === totals.size ? 'accepted' : partly)

          expect(world.mostInFlight()).toBeLessThanOrEqual(1)
          expect(receiver.stored.size).toBe(good.length)
          for (const [id, total] of good) {
            const samples = receiver.stored.get(`x_total{id=${id}}`)!
            expect(samples[0]!.value).toBe(0)
            expect(samples.at(-1)!.value).toBe(total)
            const increase = samples
              .slice(1)
              .reduce((sum, { value }, i) => sum + Math.max(0, value - samples[i]!.value), 0)
            expect(increase).toBe(total)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
