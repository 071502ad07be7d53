import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AggregatorStatus } from '../../worker/aggregate/types.ts'
import type { Fault, RecordedRequest } from '../support/fault-proxy.ts'
import { ADMIN_TOKEN, startFaultWorld, startTraffic } from '../support/fault-world.ts'
import type { FaultWorld, Reading, SharedReceivers } from '../support/fault-world.ts'
import { readMetrics } from '../support/metrics-page.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { startPushgateway } from '../support/pushgateway.ts'
import { required } from '../support/requirements.ts'
import { folderBytes, residentBytes } from '../support/resources.ts'
import { until } from '../support/until.ts'
import { startVictoriaMetrics } from '../support/victoria-metrics.ts'

// The archive is not here: nothing but R2 itself can fail there; test/worker/deliver breaks a bucket.

let shared: Promise<SharedReceivers> | undefined
beforeAll(() => {
  shared = (async () => {
    const [prometheus, victoriaMetrics, { url: pushgatewayUrl }] = await Promise.all([
      startPrometheus(),
      // A point that arrives twice is one: what a deduplicating receiver of deltas does.
      startVictoriaMetrics({ args: ['-dedup.minScrapeInterval=1ms'] }),
      startPushgateway(),
    ])
    return { prometheus, victoriaMetrics, pushgatewayUrl }
  })()
  shared.catch(() => {})
})
afterAll(stopPrograms)

interface Case {
  /** Letters only. */
  readonly run: string
  readonly fault: Fault
  /** Until the circuits are open, or so many ms. */
  readonly lasts: 'until-open' | number
  /** `error` of `pharos_export_errors_total`. */
  readonly error: string
  /** Whether nobody can know if a request arrived. */
  readonly isDoubtful: boolean
}

const CASES: readonly Case[] = [
  { run: 'down', fault: { kind: 'down' }, lasts: 'until-open', error: 'no_answer', isDoubtful: true },
  { run: 'broken', fault: { kind: 'status', status: 500 }, lasts: 'until-open', error: '500', isDoubtful: false },
  { run: 'slow', fault: { kind: 'delay', delayMs: 1_500 }, lasts: 2_500, error: 'timeout', isDoubtful: true },
  { run: 'ambiguous', fault: { kind: 'drop-answer' }, lasts: 1_500, error: 'no_answer', isDoubtful: true },
  {
    run: 'limited',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    lasts: 1_500,
    error: '429',
    isDoubtful: false,
  },
]

const statusOf = async ({ worker }: FaultWorld): Promise<ReadonlyMap<string, AggregatorStatus['destinations'][0]>> => {
  const response = await fetch(`${worker.url}/v1/status`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return new Map(((await response.json()) as AggregatorStatus).destinations.map((it) => [it.name, it]))
}

const clicksOf = ({ clicks }: Reading): number => Object.values(clicks).reduce((sum, it) => sum + it, 0)

const sameAs = (wanted: Reading) => (found: Reading) =>
  clicksOf(found) === clicksOf(wanted) && found.count === wanted.count && found.sum === wanted.sum

/** Until a destination has at least what was counted at this moment. */
const keepsUp = async (subject: { readonly read: () => Promise<Reading> }, counted: Reading): Promise<unknown> =>
  until(subject.read, (found) => found.count >= counted.count && clicksOf(found) >= clicksOf(counted), {
    timeoutMs: 10_000,
    everyMs: 200,
  })

const DURATION_MS = 120_000

/** What is wrong with each destination at the end; empty where all is right. */
async function findMistakes(
  world: FaultWorld,
  counted: Reading,
  { isDoubtful }: Case,
): Promise<Record<string, unknown>> {
  const mistakes: Record<string, unknown> = {}
  for (const { name, isExact, read } of world.subjects) {
    const isSettled = sameAs(counted)
    const mayMiss = !isExact && isDoubtful
    const last = await until(read, (found) => mayMiss || isSettled(found), {
      timeoutMs: DURATION_MS / 2,
      everyMs: 500,
    }).catch(read)
    if (!mayMiss) {
      if (!isDeepStrictEqual(last, counted)) mistakes[name] = difference(last, counted)
      continue
    }
    // Read again when nothing more is on its way.
    await delay(2_500)
    const { clicks, count, sum } = await read()
    const metrics = await readMetrics(world.worker.url)
    const lost = metrics.get(`pharos_export_dropped_total{destination="${name}",reason="in_doubt"}`) ?? 0
    const isMore = count > counted.count || sum > counted.sum || clicksOf({ clicks, count, sum }) > clicksOf(counted)
    const isLess = !sameAs(counted)({ clicks, count, sum })
    if (isMore || (isLess && lost === 0)) mistakes[name] = { ...difference({ clicks, count, sum }, counted), lost }
  }
  return mistakes
}

const difference = (found: Reading, counted: Reading): object => ({
  clicks: clicksOf(found) - clicksOf(counted),
  count: found.count - counted.count,
  sum: found.sum - counted.sum,
})

describe.concurrent('a destination that is', () => {
  it.for(CASES)('$run has exact totals in the end, and disturbs no other', { timeout: 170_000 }, async (one, ctx) => {
    const world = await startFaultWorld(await required(ctx, () => shared!), one)
    const { worker, subjects, healthy } = world
    const traffic = startTraffic(worker.beaconUrl, { pages: 20 })
    await Promise.all(subjects.map((subject) => until(subject.read, ({ count }) => count > 0)))
    const before = { memory: residentBytes(worker.pid), storage: folderBytes(worker.storageDir) }

    for (const { proxy } of subjects) proxy.set(one.fault)
    if (one.lasts === 'until-open')
      await until(
        () => statusOf(world),
        (status) => subjects.every(({ name }) => status.get(name)!.circuit.state === 'open'),
        { everyMs: 250 },
      )
    else await delay(one.lasts)
    await keepsUp(healthy, traffic.counted())
    const during = await statusOf(world)
    for (const { name } of subjects) {
      expect({ name, ...during.get(name) }).toMatchObject({ name, state: 'failing', lastError: { detail: expect.any(String) as string } }) // prettier-ignore
      expect(during.get(name)!.circuit.failures).toBeGreaterThanOrEqual(one.lasts === 'until-open' ? 5 : 1)
    }
    expect(during.get('healthy')).toMatchObject({ state: 'ok', circuit: { state: 'closed', failures: 0 } })

    const healedMs = Date.now()
    for (const { proxy } of subjects) proxy.set({ kind: 'pass' })
    await delay(3_000)
    const counted = await traffic.stop()
    await until(
      () => statusOf(world),
      (status) => subjects.every(({ name }) => status.get(name)!.state === 'ok'),
      { timeoutMs: 100_000, everyMs: 500 },
    )
    console.log(`${one.run}: all taken again ${((Date.now() - healedMs) / 1_000).toFixed(1)} s after the fault`)
    expect(await findMistakes(world, counted, one)).toEqual({})
    expect(await healthy.read()).toEqual(counted)
    for (const { refusals } of world.standIns) expect(refusals).toEqual([])

    const metrics = await readMetrics(worker.url)
    const of = (name: string, labels: string): number => metrics.get(`${name}{${labels}}`) ?? 0
    for (const { name, isExact } of subjects) {
      const found = {
        name,
        accepted: of('pharos_exports_total', `destination="${name}",outcome="accepted"`) > 0,
        retried: of('pharos_exports_total', `destination="${name}",outcome="retry"`) > 0,
        errors: of('pharos_export_errors_total', `destination="${name}",error="${one.error}"`) > 0,
        bytes: of('pharos_export_bytes_total', `destination="${name}"`) > 0,
        isLost: of('pharos_export_dropped_total', `destination="${name}",reason="in_doubt"`) > 0,
        lags: of('pharos_export_lag_seconds', `destination="${name}"`) > 30,
      }
      const isLost = !isExact && one.isDoubtful
      expect(found).toEqual({ name, accepted: true, retried: true, errors: true, bytes: true, isLost, lags: false })
    }
    expect(of('pharos_export_errors_total', `destination="healthy",error="${one.error}"`)).toBe(0)
    for (const { name, proxy } of subjects) expect([name, ...pauses(proxy.requests, one.fault)]).not.toContain('early')

    const after = { memory: residentBytes(worker.pid), storage: folderBytes(worker.storageDir) }
    expect(after.memory).toBeLessThan(before.memory + 100_000_000)
    expect(after.storage).toBeLessThan(16_000_000)
    await world.close()
  })

  it('given one series of a thousand that it refuses takes the others', { timeout: 170_000 }, async (ctx) => {
    const poison = 'poison'
    const world = await startFaultWorld(await required(ctx, () => shared!), { run: 'poisoned', poison })
    const { worker, subjects, healthy } = world
    const traffic = startTraffic(worker.beaconUrl, { pages: 1_000, poison: 'fault.poison' })
    await delay(4_000)
    const counted = await traffic.stop()
    expect(Object.keys(counted.clicks)).toHaveLength(1_000)
    await keepsUp(healthy, counted)
    const poisoned: Case = { run: 'poisoned', fault: { kind: 'pass' }, lasts: 0, error: '400', isDoubtful: false }
    expect(await findMistakes(world, counted, poisoned)).toEqual({})
    const status = await statusOf(world)
    const metrics = await readMetrics(worker.url)
    for (const { name, hasPoison } of subjects) {
      expect({ name, hasPoison: await hasPoison() }).toEqual({ name, hasPoison: false })
      expect({ name, ...status.get(name) }).toMatchObject({ name, deadLetters: 1, circuit: { state: 'closed' } })
      const refusals = metrics.get(`pharos_export_errors_total{destination="${name}",error="400"}`) ?? 0
      expect({ name, isCounted: refusals > 0 }).toEqual({ name, isCounted: true })
    }
    expect(await healthy.hasPoison()).toBe(true)
    await world.close()
  })
})

/** After every 429 the time until the next request, ms; 'early' where it came before `Retry-After` was over. */
function pauses(requests: readonly RecordedRequest[], fault: Fault): readonly (number | 'early')[] {
  const waitMs = fault.kind === 'status' ? Number(fault.headers?.['retry-after'] ?? 0) * 1_000 : 0
  return requests.flatMap(({ fault: what, timeMs }, i) => {
    const next = requests[i + 1]
    if (what !== 'status' || !next) return []
    // The two clocks are one, but an answer takes its time.
    return [next.timeMs - timeMs < waitMs - 50 ? 'early' : next.timeMs - timeMs]
  })
}
