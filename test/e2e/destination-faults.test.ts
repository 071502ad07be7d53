import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AggregatorStatus } from '../../worker/model/aggregator-api.ts'
import type { Fault, RecordedRequest } from '../support/fault-proxy.ts'
import { ADMIN_TOKEN, startFaultWorld, startTraffic } from '../support/fault-world.ts'
import type { FaultWorld, Reading, SharedReceivers, Subject } from '../support/fault-world.ts'
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
  /** How long: until the circuits of all are open, or until a push to each has failed. */
  readonly lasts: 'until-open' | 'until-failing'
  /** `error` of `pharos_export_errors_total`. */
  readonly error: string
  /** Whether nobody can know if a request arrived. */
  readonly isDoubtful: boolean
}

const CASES: readonly Case[] = [
  { run: 'down', fault: { kind: 'down' }, lasts: 'until-open', error: 'no_answer', isDoubtful: true },
  { run: 'broken', fault: { kind: 'status', status: 500 }, lasts: 'until-open', error: '500', isDoubtful: false },
  { run: 'slow', fault: { kind: 'delay', delayMs: 1_500 }, lasts: 'until-failing', error: 'timeout', isDoubtful: true },
  { run: 'ambiguous', fault: { kind: 'drop-answer' }, lasts: 'until-failing', error: 'no_answer', isDoubtful: true },
  {
    run: 'limited',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    lasts: 'until-failing',
    error: '429',
    isDoubtful: false,
  },
]

const statusOf = async ({ worker }: FaultWorld): Promise<ReadonlyMap<string, AggregatorStatus['destinations'][0]>> => {
  const response = await fetch(`${worker.url}/v1/status`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return new Map(((await response.json()) as AggregatorStatus).destinations.map((it) => [it.name, it]))
}

const replay = async ({ worker }: FaultWorld, destination: string): Promise<unknown> => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const init = { method: 'POST', headers, body: JSON.stringify({ destination }) }
  return (await fetch(`${worker.url}/v1/dead-letters/replay`, init)).json()
}

const clicksOf = ({ clicks }: Reading): number => Object.values(clicks).reduce((sum, it) => sum + it, 0)

const difference = (found: Reading, counted: Reading): object => ({
  clicks: clicksOf(found) - clicksOf(counted),
  count: found.count - counted.count,
  sum: found.sum - counted.sum,
})

/** Until a destination has at least what was counted at this moment. */
const keepsUp = async (subject: { readonly read: () => Promise<Reading> }, counted: Reading): Promise<unknown> =>
  until(subject.read, (found) => found.count >= counted.count && clicksOf(found) >= clicksOf(counted), {
    everyMs: 200,
  })

/** What is wrong with a destination at the end; undefined where all is right. */
async function findMistake({ name, isExact, gets, read }: Subject, expected: Expected): Promise<object | undefined> {
  const counted = gets === 'all' ? expected.counted : { ...expected.counted, clicks: {} }
  const isRight = (found: Reading): boolean => isDeepStrictEqual(found, counted)
  if (isExact || !expected.isDoubtful) {
    const found = await until(read, isRight, { timeoutMs: 60_000, everyMs: 500 }).catch(read)
    return isRight(found) ? undefined : { name, ...difference(found, counted) }
  }
  // Whatever is on its way arrives.
  await delay(2_500)
  const found = await read()
  const lost = (await readMetrics(expected.url)).get(lostOf(name)) ?? 0
  const isMore = clicksOf(found) > clicksOf(counted) || found.count > counted.count || found.sum > counted.sum
  if (isRight(found) || (!isMore && lost > 0)) return undefined
  return { name, ...difference(found, counted), lost }
}

interface Expected {
  readonly url: string
  readonly counted: Reading
  readonly isDoubtful: boolean
}

const lostOf = (name: string): string => `pharos_export_dropped_total{destination="${name}",reason="in_doubt"}`

const findMistakes = async ({ subjects }: FaultWorld, expected: Expected): Promise<readonly object[]> =>
  (await Promise.all(subjects.map((subject) => findMistake(subject, expected)))).filter((it) => it !== undefined)

describe.concurrent('a destination that is', () => {
  it.for(CASES)('$run has exact totals in the end, and disturbs no other', { timeout: 170_000 }, async (one, ctx) => {
    const world = await startFaultWorld(await required(ctx, () => shared!), one)
    const { worker, subjects, healthy } = world
    const traffic = startTraffic(worker.beaconUrl, { pages: 20 })
    await Promise.all(subjects.map((subject) => until(subject.read, ({ count }) => count > 0)))
    // OTLP says that a 500 must not be tried again: it is asked once a flush, and its circuit stays closed.
    const isRefused = ({ name }: Subject): boolean => one.error === '500' && name.startsWith('otlp')
    const opens = (subject: Subject): boolean => one.lasts === 'until-open' && !isRefused(subject)
    const before = { memory: residentBytes(worker.pid), storage: folderBytes(worker.storageDir) }

    for (const { proxy } of subjects) proxy.set(one.fault)
    await until(
      () => statusOf(world),
      (status) =>
        subjects.every((subject) => {
          const { state, circuit } = status.get(subject.name)!
          return state === 'failing' && (!opens(subject) || circuit.state === 'open')
        }),
      { everyMs: 250 },
    )
    await keepsUp(healthy, traffic.counted())
    const during = await statusOf(world)
    for (const subject of subjects) {
      const { name } = subject
      expect({ name, ...during.get(name) }).toMatchObject({ name, state: 'failing', lastError: { detail: expect.any(String) as string } }) // prettier-ignore
      const least = opens(subject) ? 5 : isRefused(subject) ? 0 : 1
      expect(during.get(name)!.circuit.failures).toBeGreaterThanOrEqual(least)
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
    const { isDoubtful } = one
    expect(await findMistakes(world, { url: worker.url, counted, isDoubtful })).toEqual([])
    expect(await healthy.read()).toEqual(counted)
    for (const { refusals } of world.standIns) expect(refusals).toEqual([])

    const metrics = await readMetrics(worker.url)
    const of = (name: string, labels: string): number => metrics.get(`${name}{${labels}}`) ?? 0
    for (const subject of subjects) {
      const { name } = subject
      const outcome = isRefused(subject) ? 'refused' : 'retry'
      expect({
        name,
        accepted: of('pharos_exports_total', `destination="${name}",outcome="accepted"`) > 0,
        failed: of('pharos_exports_total', `destination="${name}",outcome="${outcome}"`) > 0,
        errors: of('pharos_export_errors_total', `destination="${name}",error="${one.error}"`) > 0,
        bytes: of('pharos_export_bytes_total', `destination="${name}"`) > 0,
        lags: of('pharos_export_lag_seconds', `destination="${name}"`) > 30,
      }).toEqual({ name, accepted: true, failed: true, errors: true, bytes: true, lags: false })
    }
    // Before the sketches of `datadog-sketches` another request meets the fault, so it may lose nothing.
    const lossy = one.isDoubtful ? ['datadog-alone', 'newrelic'] : []
    const losing = subjects.map(({ name }) => name).filter((name) => (metrics.get(lostOf(name)) ?? 0) > 0)
    expect(losing.filter((name) => name !== 'datadog-sketches')).toEqual(lossy)
    expect(of('pharos_export_errors_total', `destination="healthy",error="${one.error}"`)).toBe(0)
    for (const { name, proxy } of subjects) expect([name, ...pauses(proxy.requests, one.fault)]).not.toContain('early')

    const after = { memory: residentBytes(worker.pid), storage: folderBytes(worker.storageDir) }
    expect(after.memory).toBeLessThan(before.memory + 100_000_000)
    expect(after.storage).toBeLessThan(16_000_000)
    await world.close()
  })

  it('given one series of a thousand that it refuses takes the others', { timeout: 170_000 }, async (ctx) => {
    const poison = 'poison'
    const world = await startFaultWorld(await required(ctx, () => shared!), { run: 'refusing', poison })
    const { worker, subjects, healthy } = world
    const traffic = startTraffic(worker.beaconUrl, { pages: 1_000, poison: 'fault.poison' })
    await delay(4_000)
    const counted = await traffic.stop()
    expect(Object.keys(counted.clicks)).toHaveLength(1_000)
    await keepsUp(healthy, counted)
    expect(await findMistakes(world, { url: worker.url, counted, isDoubtful: false })).toEqual([])
    const status = await statusOf(world)
    const metrics = await readMetrics(worker.url)
    const offered = subjects.filter(({ gets }) => gets === 'all')
    for (const { name, poison } of offered) {
      expect({ name, stored: await poison() }).toEqual({ name, stored: 0 })
      expect({ name, ...status.get(name) }).toMatchObject({ name, deadLetters: 1, circuit: { state: 'closed' } })
      const refusals = metrics.get(`pharos_export_errors_total{destination="${name}",error="400"}`) ?? 0
      expect({ name, isCounted: refusals > 0 }).toEqual({ name, isCounted: true })
    }
    expect(await healthy.poison()).toBe(traffic.poisoned())

    // What was refused is kept: offered again to a receiver that takes it, nothing of it is missing.
    for (const { name, cure } of offered) {
      cure()
      expect(await replay(world, name)).toEqual({ replayed: 1 })
    }
    for (const { name, poison } of offered)
      expect([name, await until(poison, (total) => total >= traffic.poisoned())]).toEqual([name, traffic.poisoned()])
    expect([...(await statusOf(world)).values()].filter(({ deadLetters }) => deadLetters > 0)).toEqual([])
    expect(await findMistakes(world, { url: worker.url, counted, isDoubtful: false })).toEqual([])
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
