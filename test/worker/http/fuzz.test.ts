import { env, exports } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import type { Env } from '../../../worker/config/env.ts'
import { createWorker } from '../../../worker/create-worker.ts'
import type { AdmittedBatch, Delta } from '../../../worker/model/types.ts'
import { anyFuzzedBody, type FuzzedBody } from '../../support/fuzzed-bodies.ts'
import { type Effect, expectedOf, type Expected, type ExpectedBatch } from '../../support/oracle.ts'
import { unitsOf } from '../../support/rationals.ts'
import { script } from './ask.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const RUNS = 100_000
const RUNS_WITH_STORAGE = 2_000

/** The same bodies every time, so that a failure is that of the change under test. */
const SEED = 294147858

// The worker of wrangler.jsonc with its real Durable Object.
const real = (exports as unknown as { default: Fetcher }).default

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

function expectedAnswer({ bytes, falseCoding }: FuzzedBody): Expected {
  if (falseCoding) return { status: falseCoding === 'br' ? 415 : 400 }
  if (bytes.length > 65_536) return { status: 413 }
  try {
    return expectedOf(utf8.decode(bytes))
  } catch {
    return { status: 400 }
  }
}

const requestOf = ({ bytes, falseCoding }: FuzzedBody): Request =>
  new Request('https://beacon.example.com/v1/beacon', {
    method: 'POST',
    body: bytes,
    headers: falseCoding ? { 'content-encoding': falseCoding } : {},
  })

const size = (buckets: ReadonlyMap<number, number>): number =>
  [...buckets.values()].reduce((sum, count) => sum + count, 0)

const effectOf = (series: string, delta: Delta): Effect =>
  Array.isArray(delta)
    ? { series, units: unitsOf(delta), zero: 0, positive: 0, negative: 0 }
    : {
        series,
        units: unitsOf(delta.sum),
        zero: delta.zero,
        positive: size(delta.positive),
        negative: size(delta.negative),
      }

const batchOf = ({ session, sequence, ageMs, deltas, dropped }: AdmittedBatch): ExpectedBatch => ({
  identity: `${session} ${sequence}`,
  effects: deltas.map(([key, delta]) => effectOf(key, delta)),
  dropped: dropped.length,
  isFresh: ageMs <= 72 * 3_600_000,
})

describe('fuzzed bodies', () => {
  it(`${RUNS} of them get the right answer, and nothing but valid points is handed on`, async () => {
    const aggregator = createFakeAggregator()
    const bindings = { AGGREGATOR: { getByName: () => aggregator } } as unknown as Env
    const context = { waitUntil: () => undefined } as unknown as ExecutionContext
    const worker = createWorker({ script })
    const seen = new Map<number, number>()

    const agrees = async (body: FuzzedBody): Promise<void> => {
      aggregator.ingested.length = 0
      const expected = expectedAnswer(body)
      const { status } = await worker.fetch(requestOf(body) as Parameters<typeof worker.fetch>[0], bindings, context)
      seen.set(status, (seen.get(status) ?? 0) + 1)
      const got = status === 204 ? { status, batches: aggregator.ingested.map(batchOf) } : { status }
      expect(got).toEqual(expected)
    }

    await fc.assert(fc.asyncProperty(anyFuzzedBody(150), agrees), { numRuns: RUNS, seed: SEED })
    // The runs are worth something only when every kind of answer was among them, often.
    for (const status of [204, 400, 415, 422]) expect(seen.get(status), `status ${status}`).toBeGreaterThan(RUNS / 200)
    expect([...seen.keys()].filter((status) => status >= 500)).toEqual([])
  })

  it(`${RUNS_WITH_STORAGE} of them leave totals of their valid points alone`, async () => {
    const totals = new Map<string, Effect>()
    const identities = new Set<string>()
    const add = ({ series, ...effect }: Effect): void => {
      const before = totals.get(series) ?? { series, units: 0n, zero: 0, positive: 0, negative: 0 }
      totals.set(series, {
        series,
        units: before.units + effect.units,
        zero: before.zero + effect.zero,
        positive: before.positive + effect.positive,
        negative: before.negative + effect.negative,
      })
    }

    const send = async (body: FuzzedBody): Promise<void> => {
      const expected = expectedAnswer(body)
      const response = await real.fetch(requestOf(body))
      await response.arrayBuffer()
      expect(response.status).toBe(expected.status)
      if (expected.status !== 204) return
      for (const { identity, effects } of expected.batches) {
        if (!identities.has(identity)) for (const effect of effects) add(effect)
        identities.add(identity)
      }
    }
    await fc.assert(fc.asyncProperty(anyFuzzedBody(40), send), {
      numRuns: RUNS_WITH_STORAGE,
      seed: SEED,
      endOnFailure: true,
    })

    const snapshot = await (env as unknown as Env).AGGREGATOR.getByName('root').snapshot()
    const sums = snapshot.series.flatMap(({ total }) => (Array.isArray(total) ? total : total.sum))
    expect(sums.filter((part) => !Number.isFinite(part))).toEqual([])
    // Reports have tests of their own, at the same object.
    const ofPages = snapshot.series.filter(
      ({ series }) => series.kind !== 'gauge' && !/^(pharos|browser)\./.test(series.name),
    )
    expect(ofPages.some(({ series }) => series.attributes[0]?.[0] === 'otel.metric.overflow')).toBe(false)
    const counted = ofPages.map(({ key, total }) => effectOf(key, total))
    const bySeries = (a: Effect, b: Effect): number => (a.series < b.series ? -1 : 1)
    const wanted = [...totals.values()].filter(({ series }) => !parseSeriesKey(series).name.startsWith('pharos.'))
    expect(counted.sort(bySeries)).toEqual(wanted.sort(bySeries))
    expect(counted.length).toBeGreaterThan(100)
  })
})
