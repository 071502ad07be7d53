import { evictDurableObject } from 'cloudflare:test'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHistogram, mergeHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import type { AdmittedBatch, Delta, SeriesKey } from '../../../worker/model/types.ts'
import { exactly, unitsOf } from '../flush/exact.ts'
import { batch, freshObject, key, openRig, totalsOf, withStorage, type Point, type Rig } from './rig.ts'

const value = fc.oneof(
  fc.integer({ min: 1, max: 1_000 }),
  fc.double({ min: 5e-324, max: 1e290, noNaN: true, noDefaultInfinity: true }),
)
const page = fc.constantFrom('/', '/cart', '/pay')

const counterPoint = fc.tuple(page, value).map(([page, n]) => [key('clicks', page), [n]] as Point)
const histogramPoint = fc.tuple(page, fc.array(value, { minLength: 1, maxLength: 5 })).map(([page, values]) => {
  const histogram = createHistogram()
  for (const one of values) recordValue(histogram, one)
  return [key('duration', page, 'histogram'), histogram] as Point
})
const points = fc.array(fc.oneof(counterPoint, histogramPoint), { minLength: 1, maxLength: 6 })

/** Some sessions, each with batches 1, 2, 3, …, each batch delivered 1 to 5 times, all in any order. */
const deliveries = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5 }), points, fc.integer({ min: 1, max: 5 })), {
    minLength: 1,
    maxLength: 25,
  })
  .chain((drafts) => {
    const sequences = new Map<number, number>()
    const batches = drafts.map(([session, deltas]) => {
      const sequence = (sequences.get(session) ?? 0) + 1
      sequences.set(session, sequence)
      return batch(`session-${session}`, sequence, deltas)
    })
    const all = batches.flatMap((one, i) => Array.from({ length: drafts[i]![2] }, () => one))
    const order = fc.shuffledSubarray(all, { minLength: all.length })
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 9 })), {
      minLength: all.length,
      maxLength: all.length,
    })
    return fc.record({ batches: fc.constant(batches), order, steps })
  })

/** What the totals must be: sums as whole numbers of 2^-1074, in no particular order. */
function model(batches: readonly AdmittedBatch[]): Record<SeriesKey, unknown> {
  const sums = new Map<SeriesKey, bigint>()
  const histograms = new Map<SeriesKey, Delta>()
  for (const { deltas } of batches)
    for (const [key, delta] of deltas)
      if (Array.isArray(delta))
        sums.set(
          key,
          delta.reduce((sum, n) => sum + unitsOf(n), sums.get(key) ?? 0n),
        )
      else {
        const into = histograms.get(key) ?? createHistogram()
        mergeHistogram(into as ReturnType<typeof createHistogram>, delta)
        histograms.set(key, into)
      }
  return Object.fromEntries([
    ...[...sums].map(([key, sum]) => [key, String(sum)]),
    ...[...histograms].map(([key, histogram]) => [key, exactly(histogram)]),
  ])
}

const pagesOnly = (all: Iterable<{ key: SeriesKey; total: Delta }>): Record<SeriesKey, unknown> =>
  Object.fromEntries(
    [...all].filter(({ key }) => !key.includes('"pharos.')).map(({ key, total }) => [key, exactly(total)]),
  )

function expectSameAfterRestart(rig: Rig): void {
  const before = totalsOf(rig.state)
  rig.restart()
  expect(totalsOf(rig.state)).toEqual(before)
}

it('delivers at least once and counts once: any order, any repetition, restarts and snapshots in between', () =>
  fc.assert(
    fc.asyncProperty(deliveries, ({ batches, order, steps }) =>
      withStorage((storage) => {
        const options = { slots: 4, maxHotWeight: 3 }
        const rig = openRig(storage, options)
        let next = 0
        for (const [size, chance] of steps) {
          void rig.ingest(...order.slice(next, next + size))
          next += size
          rig.nowMs += chance
          if (chance < 5) rig.fire()
          if (chance === 0) expectSameAfterRestart(rig)
        }
        rig.fire()
        rig.restart()
        expect(pagesOnly(rig.state.totals.all())).toEqual(model(batches))
      }),
    ),
    { numRuns: 60 },
  ))

it('loses only what was not acknowledged when it is killed, and counts that once when it comes again', () =>
  fc.assert(
    fc.asyncProperty(deliveries, ({ batches, order, steps }) =>
      withStorage(async (storage) => {
        const options = { slots: 3, maxHotWeight: 5 }
        const rig = openRig(storage, options)
        const acknowledged = new Set<AdmittedBatch>()
        const deliver = (one: AdmittedBatch): void => {
          const wait = rig.ingest(one)
          if (wait) void wait.then(() => acknowledged.add(one))
          else acknowledged.add(one)
        }
        for (const [i, one] of order.entries()) {
          deliver(one)
          if (steps[i]![1] < 3) rig.fire()
          if (steps[i]![1] === 9) rig.restart()
          await Promise.resolve()
        }
        rig.restart()
        await Promise.resolve()
        for (const one of batches) if (!acknowledged.has(one)) deliver(one)
        rig.fire()
        expect(pagesOnly(rig.state.totals.all())).toEqual(model(batches))
      }),
    ),
    { numRuns: 60 },
  ))

it('does so in the Durable Object, over evictions', () =>
  fc.assert(
    fc.asyncProperty(deliveries, fc.integer({ min: 1, max: 10 }), async ({ batches, order }, size) => {
      const aggregator = freshObject()
      const parts = Array.from({ length: 3 }, (_, i) => order.filter((_, place) => place % 3 === i))
      for (const part of parts.filter(({ length }) => length > 0)) {
        const beacons = part.map((_, i) => part.slice(i, i + size))
        await Promise.all(beacons.map((beacon) => aggregator.ingest(beacon)))
        // Commits what waits for a timer; an eviction would wait for that timer.
        await aggregator.snapshot()
        await evictDurableObject(aggregator)
      }
      const { series } = await aggregator.snapshot()
      expect(pagesOnly(series)).toEqual(model(batches))
    }),
    { numRuns: 20 },
  ))
