import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { deliverWith } from '../../../worker/delivery/destination.ts'
import type { DeltaDestination, DeltaWindow, WindowDelivery } from '../../../worker/delivery/destination-api.ts'
import type { SeriesKey, SnapshotSeries } from '../../../worker/model/types.ts'
import { counterOf, snapshotOf, testDestination } from '../../contract/snapshots.ts'
import { createFakeExporter, readFakeBody } from './fake-exporter.ts'
import { type Answer, createFakeWorld } from './fake-world.ts'

const FLUSH_MS = 10_000

/** What happens to one request. 'lost answer' and 'stored 502': it is stored, but no answer says so. */
const anyFault = fc.oneof(
  { arbitrary: fc.constant('none' as const), weight: 5 },
  { arbitrary: fc.constantFrom('lost request' as const, 'lost answer' as const, 'stored 502' as const), weight: 3 },
  { arbitrary: fc.constantFrom(429, 500, 502, 503, 403), weight: 2 },
  { arbitrary: fc.constant({ status: 503, headers: { 'retry-after': '3' } }), weight: 1 },
  { arbitrary: fc.constant('crash' as const), weight: 1 },
)
type Fault = typeof anyFault extends fc.Arbitrary<infer T> ? T : never

/** What pages count between two flushes: for some series an increase. */
const anyFlushes = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 8 }), { minLength: 1, maxLength: 12 })

// Series 0 to 3 may be sent again, 4 to 7 must not be.
const seriesOf = (id: number, value: number): SnapshotSeries =>
  counterOf(id < 4 ? 'twice' : 'once', value, { attributes: { id } })

type Sums = Map<SeriesKey, number>
const add = (sums: Sums, key: SeriesKey, value: number): void => void sums.set(key, (sums.get(key) ?? 0) + value)

/** A receiver that takes the same bytes once, but the rows of `once` every time they come. */
function createReceiver(isPoison: (key: SeriesKey) => boolean) {
  const seen = new Set<string>()
  const stored: Sums = new Map()
  const rows = new Set<string>()
  return {
    stored,
    holds: (timeMs: number, key: SeriesKey): boolean => rows.has(`${timeMs} ${key}`),
    write: (body: Uint8Array): 202 | 400 => {
      const { timeMs, rows: written } = readFakeBody(body)
      if (written.some(([key]) => isPoison(key))) return 400
      const text = body.join()
      if (seen.has(text) && written.every(([, name]) => name === 'twice')) return 202
      seen.add(text)
      for (const [key, , value] of written) {
        add(stored, key, value)
        rows.add(`${timeMs} ${key}`)
      }
      return 202
    },
  }
}

// The push that crashed had cut its request, and one of the halves was stored.
const CUT_BEFORE_THE_CRASH: [number[][], Fault[], number[], number, boolean] = [
  [[0, 1], []],
  ['none', 'none', 'lost answer', 'crash', 'none', 403],
  [0],
  2,
  false,
]

describe('a delta destination over a bad network', () => {
  it('brings every increase once, or says what became of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFlushes,
        fc.array(anyFault, { maxLength: 80 }),
        fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (...drawn) => {
          const [flushes, faults, poison, most, hasProbe] = drawn
          const poisoned = new Set(poison.map((id) => seriesOf(id, 1).key))
          const receiver = createReceiver((key) => poisoned.has(key))
          const trouble: Fault[] = [...faults]
          let hasCrashed = false
          const world = createFakeWorld(({ url, body }): Answer => {
            if (hasCrashed) return 'broken'
            const fault = trouble.shift() ?? 'none'
            if (fault === 'crash') hasCrashed = true
            if (fault === 'lost request' || fault === 'crash') return 'broken'
            if (typeof fault !== 'string') return fault
            const status = url.endsWith('/probe') ? 202 : receiver.write(body)
            if (fault === 'lost answer') return 'broken'
            return fault === 'stored 502' ? 502 : status
          })
          const probe = { ...createProbe(), inDoubt: 'resend' as const }
          const exporter = createFakeExporter({
            most,
            mustNotBeResent: (name) => name === 'once',
            ...(hasProbe ? { probe } : {}),
          })
          const start = (): DeltaDestination => deliverWith(exporter, testDestination(), world) as DeltaDestination

          // The least of what a caller does: freeze, push, keep what is left.
          const counted: Sums = new Map()
          const waiting: Sums = new Map()
          const dead: Sums = new Map()
          const missing: Sums = new Map()
          let destination = start()
          let frozen: DeltaWindow | undefined
          let previousMs = world.now()

          const keep = (window: DeltaWindow, report: WindowDelivery): void => {
            if (report.outcome === 'skipped') return
            const { timeMs, series } = window.snapshot
            const values = new Map(series.map(({ key, total }) => [key, roundExact(total as number[])]))
            for (const key of report.notStored) {
              expect(receiver.holds(timeMs, key)).toBe(false)
              add(waiting, key, values.get(key)!)
            }
            for (const [key] of report.refused) {
              expect(poisoned.has(key)).toBe(true)
              add(dead, key, values.get(key)!)
            }
            for (const key of report.lost) {
              expect(key).toContain('once')
              if (!receiver.holds(timeMs, key)) add(missing, key, values.get(key)!)
            }
            const named = [...report.notStored, ...report.refused.keys(), ...report.lost, ...report.inDoubt.flat()]
            expect(new Set(named).size).toBe(named.length)
            const offered = Array.isArray(window.inDoubt) ? window.inDoubt.flat() : [...values.keys()]
            const accepted = offered.filter((key) => !named.includes(key))
            expect(report.accepted).toEqual(new Set(accepted))
            expect(accepted.filter((key) => !receiver.holds(timeMs, key))).toEqual([])
            frozen = report.inDoubt.length > 0 ? { snapshot: window.snapshot, inDoubt: report.inDoubt } : undefined
          }

          const flush = async (): Promise<void> => {
            world.advance(FLUSH_MS)
            const timeMs = world.now()
            if (!frozen) {
              const series = [...waiting].map(([key, value]) => seriesOf(idOf(key), value))
              frozen = {
                snapshot: { ...snapshotOf(...series), temporality: 'delta', timeMs, previousMs },
                inDoubt: undefined,
              }
              waiting.clear()
              previousMs = timeMs
            }
            hasCrashed = false
            const report = await destination.deliver(frozen)
            if (!hasCrashed) return keep(frozen, report)
            // Nobody lives to see the report. What was in doubt before is still known.
            if (frozen.inDoubt === undefined) frozen = { ...frozen, inDoubt: 'unknown' }
            destination = start()
          }

          for (const ids of flushes) {
            for (const id of ids) {
              const { key } = seriesOf(id, 1)
              add(counted, key, id + 1)
              add(waiting, key, id + 1)
            }
            await flush()
          }
          trouble.length = 0
          for (let i = 0; i < 20; i++) await flush()

          expect([frozen, [...waiting]]).toEqual([undefined, []])
          for (const [key, sum] of counted) {
            const parts = [receiver.stored, dead, missing].map((sums) => sums.get(key) ?? 0)
            expect([key, parts.reduce((total, part) => total + part, 0)]).toEqual([key, sum])
          }
          expect(world.mostInFlight()).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 500, examples: [CUT_BEFORE_THE_CRASH] },
    )
  })
})

const idOf = (key: SeriesKey): number => Number((JSON.parse(key) as string[]).at(-1))

const createProbe = () => ({
  method: 'POST' as const,
  url: 'https://receiver.example/probe',
  headers: {},
  body: new Uint8Array(),
  encoding: 'identity' as const,
  keys: [],
})
