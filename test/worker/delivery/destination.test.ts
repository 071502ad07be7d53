import { describe, expect, it } from 'vitest'
import type { PrometheusConfig } from '../../../worker/destinations/prometheus/config.ts'
import { createDestination } from '../../../worker/delivery/destination.ts'
import type { CumulativeDestination } from '../../../worker/delivery/destination-api.ts'
import type { SeriesKey, Snapshot } from '../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig, testDestination } from '../../contract/snapshots.ts'
import { type Answer, type Call, createFakeWorld, type FakeWorld } from './fake-world.ts'
import { createFakeReceiver, readSamples } from './fake-receiver.ts'
import { pushSnapshot, type Pushed } from './pushing.ts'

interface Bench {
  readonly world: FakeWorld
  readonly destination: CumulativeDestination
  readonly settled: SeriesKey[]
  readonly push: (snapshot: Snapshot) => Promise<Pushed>
}

function bench(
  answer: (call: Call, index: number) => Answer,
  config: Partial<PrometheusConfig> = {},
  changes: Parameters<typeof createFakeWorld>[1] = {},
): Bench {
  const world = createFakeWorld(answer, changes)
  const destination = createDestination(testDestination(config), world) as CumulativeDestination
  const settled: SeriesKey[] = []
  const push: Bench['push'] = (snapshot) => pushSnapshot(destination, snapshot, (keys) => void settled.push(...keys))
  return { world, destination, settled, push }
}

/** What was sent, as `time series value`. */
const sent = ({ calls }: FakeWorld): string[] =>
  calls.flatMap(({ body }) => readSamples(body).map(({ timeMs, series, value }) => `${timeMs} ${series} ${value}`))

const bearer = (secret: string) => ({ header: 'authorization', secret, scheme: 'bearer' }) as const

const fresh = counterOf('a', 5, { phase: 'new' })
const live = counterOf('b', 7)
const ending = counterOf('c', 9, { phase: 'ending' })

describe('createDestination', () => {
  it('sends zeros, says so, then sends values', async () => {
    const order: string[] = []
    const { world, destination } = bench(() => (order.push('request'), 204))
    const report = await pushSnapshot(destination, snapshotOf(fresh, live), (keys) => {
      order.push(`settled ${keys.join()}`)
    })
    expect(order).toEqual(['request', `settled ${fresh.key}`, 'request'])
    expect(sent(world)).toEqual(['10000 a_total{} 0', '20000 a_total{} 5', '20000 b_total{} 7'])
    expect(report).toEqual({
      outcome: 'accepted',
      ended: [],
      refused: [],
      durationMs: 0,
      requests: { accepted: 2 },
      errors: {},
      bytes: world.calls.reduce((bytes, { body }) => bytes + body.byteLength, 0),
      rejected: 0,
    })
    expect(destination.health()).toEqual({
      name: 'main',
      state: 'ok',
      lastSuccessMs: 1_000_000,
      consecutiveFailures: 0,
    })
  })

  it('is unknown at first, and stays so while there is nothing to send', async () => {
    const { destination, push } = bench(() => 204)
    expect(await push(snapshotOf())).toMatchObject({ outcome: 'accepted', requests: {} })
    expect(destination.health()).toEqual({ name: 'main', state: 'unknown', consecutiveFailures: 0 })
  })

  it('settles a new gauge, which needs no zero', async () => {
    const { settled, push } = bench(() => 204)
    const gauge = gaugeOf('g', 1, { phase: 'new' })
    await push(snapshotOf(gauge))
    expect(settled).toEqual([gauge.key])
  })

  it.each<[string, Answer]>([
    ['no answer', 'broken'],
    ['503', 503],
    ['401', 401],
  ])('sends no values when zeros end in %s', async (_what, answer) => {
    const { world, settled, push, destination } = bench(() => answer)
    expect(await push(snapshotOf(fresh, live))).toMatchObject({ outcome: 'failed' })
    expect(sent(world).every((line) => line === '10000 a_total{} 0')).toBe(true)
    expect(settled).toEqual([])
    expect(destination.health()).toEqual({ name: 'main', state: 'failing', consecutiveFailures: 1 })
  })

  it('holds back only the value whose zero is answered 500, again and again', async () => {
    const { world, settled, push } = bench((_call, index) => (index < 3 ? 500 : 204))
    expect(await push(snapshotOf(fresh, live))).toMatchObject({
      outcome: 'partly',
      requests: { retry: 3, accepted: 1 },
    })
    expect(sent(world).at(-1)).toBe('20000 b_total{} 7')
    expect(sent(world)).not.toContain('20000 a_total{} 5')
    expect(settled).toEqual([])
  })

  it('takes a zero that is refused alone for settled: the receiver has a newer sample', async () => {
    const receiver = createFakeReceiver()
    const { settled, push } = bench(({ body }) => receiver.write(body))
    await push({ ...snapshotOf(counterOf('a', 3)), timeMs: 15_000 })
    expect(await push(snapshotOf(fresh, live))).toMatchObject({
      outcome: 'accepted',
      requests: { refused: 1, accepted: 2 },
      refused: [],
    })
    expect(settled).toEqual([fresh.key])
    expect(receiver.stored.get('a_total{}')?.at(-1)).toEqual({ timeMs: 20_000, value: 5 })
  })

  it('loses a poisonous series alone', async () => {
    const receiver = createFakeReceiver((series) => series.includes('i=13'))
    const { push, destination } = bench(({ body }) => receiver.write(body))
    const series = Array.from({ length: 100 }, (_, i) => counterOf('x', i + 1, { attributes: { i }, phase: 'new' }))
    const report = await push(snapshotOf(...series))
    expect(report).toMatchObject({ outcome: 'partly', error: 'destination "main": 400: ' })
    expect(report.refused).toEqual([[series[13]!.key, '400: ']])
    expect(receiver.stored.size).toBe(99)
    expect(destination.health().state).toBe('ok')
  })

  it('ends a series: its value once more, then the marker', async () => {
    const { world, push } = bench(() => 204)
    expect((await push(snapshotOf(ending, live))).ended).toEqual([ending.key])
    expect(sent(world)).toEqual(['10000 c_total{} 9', '20000 b_total{} 7', '19999 c_total{} NaN'])
  })

  it('does not end a series whose last value is not settled', async () => {
    const { world, push } = bench((_call, index) => (index < 3 ? 500 : 204))
    expect(await push(snapshotOf(ending, live))).toMatchObject({ outcome: 'partly', ended: [] })
    expect(sent(world).at(-1)).toBe('20000 b_total{} 7')
  })

  it('is done with a series whose marker is refused alone: it would be refused for ever', async () => {
    const receiver = createFakeReceiver((series) => series.startsWith('c_'))
    const { push } = bench(({ body }) => receiver.write(body))
    expect(await push(snapshotOf(ending, live))).toMatchObject({ outcome: 'partly', ended: [ending.key] })
    expect([...receiver.stored.keys()]).toEqual(['b_total{}'])
  })

  it('ends a series again after the answer to its marker was lost, and begins it again, without a refusal', async () => {
    const receiver = createFakeReceiver()
    let isLosing = true
    const { world, push } = bench(({ body }) => {
      const status = receiver.write(body)
      const isMarker = readSamples(body).some(({ value }) => Number.isNaN(value))
      return isMarker && isLosing ? 'broken' : status
    })
    const pushC = async (timeMs: number, value: number, phase: 'live' | 'ending' | 'new'): Promise<unknown> => {
      const snapshot = snapshotOf(counterOf('c', value, { phase }))
      return (await push({ ...snapshot, timeMs, previousMs: timeMs - 10_000 })).requests
    }
    await pushC(10_000, 9, 'live')
    expect(await pushC(20_000, 9, 'ending')).toEqual({ accepted: 1, retry: 3 })
    isLosing = false
    expect(await pushC(30_000, 9, 'ending')).toEqual({ accepted: 2 })
    expect(await pushC(40_000, 12, 'new')).toEqual({ accepted: 2 })
    expect(world.mostInFlight()).toBe(1)
    expect(receiver.stored.get('c_total{}')!.map(({ timeMs, value }) => `${timeMs} ${value}`)).toEqual([
      '10000 9',
      '19999 NaN',
      '20000 9',
      '29999 NaN',
      '30000 0',
      '40000 12',
    ])
  })

  it('counts zeros without a value for nothing', async () => {
    const { push, settled } = bench((_call, index) => (index === 0 ? 204 : 'broken'), { maxSeriesPerRequest: 1 })
    const other = counterOf('d', 1, { phase: 'new' })
    expect(await push(snapshotOf(fresh, other))).toMatchObject({ outcome: 'failed' })
    expect(settled).toEqual([fresh.key])
  })

  it('does not wait for a try that the open circuit would not let out', async () => {
    const { world, push } = bench(() => 'broken')
    await push(snapshotOf(live))
    await push(snapshotOf(live))
    expect([world.calls.length, world.sleptMs]).toEqual([5, [1_000, 2_000, 1_000]])
  })

  it('falls back to remote-write 1.0 where 2.0 is answered but not understood', async () => {
    const { world, push, destination } = bench(() => 204, { version: '2.0' })
    expect(await push(snapshotOf(live))).toMatchObject({ outcome: 'accepted', requests: { refused: 1, accepted: 1 } })
    expect(readSamples(world.calls[1]!.body)).toEqual([{ series: 'b_total{}', timeMs: 20_000, value: 7 }])
    expect(destination.status().protocol).toBe('remote-write 1.0 (the receiver does not speak remote-write 2.0)')
  })

  it('obeys Retry-After over pushes', async () => {
    const { world, push } = bench((_call, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': '120' } } : 204,
    )
    expect(await push(snapshotOf(live))).toMatchObject({ outcome: 'failed', requests: { retry: 1 } })
    world.advance(119_999)
    expect(await push(snapshotOf(live))).toEqual({
      outcome: 'skipped',
      ended: [],
      refused: [],
      durationMs: 0,
      requests: {},
      errors: {},
      bytes: 0,
      rejected: 0,
    })
    world.advance(1)
    expect(await push(snapshotOf(live))).toMatchObject({ outcome: 'accepted' })
  })

  it('opens the circuit at the fifth failure, probes once a minute, and closes it again', async () => {
    let isUp = false
    const { world, push } = bench(() => (isUp ? 204 : 'broken'))
    const pushed = async (): Promise<[string, number]> => [(await push(snapshotOf(live))).outcome, world.calls.length]
    expect(await pushed()).toEqual(['failed', 3])
    expect(await pushed()).toEqual(['failed', 5])
    expect(await pushed()).toEqual(['skipped', 5])
    world.advance(60_000)
    expect(await pushed()).toEqual(['failed', 6])
    expect(await pushed()).toEqual(['skipped', 6])
    world.advance(60_000)
    isUp = true
    expect(await pushed()).toEqual(['accepted', 7])
    isUp = false
    expect(await pushed()).toEqual(['failed', 10])
  })

  it('skips a push while another runs', async () => {
    const { push, world } = bench(() => 204)
    const [first, second] = await Promise.all([push(snapshotOf(live)), push(snapshotOf(live))])
    expect([first.outcome, second.outcome]).toEqual(['accepted', 'skipped'])
    expect(world.mostInFlight()).toBe(1)
  })

  it('sends nothing without its secret, and says which', async () => {
    const { world, push, destination } = bench(() => 204, { credentials: [bearer('PROM_TOKEN')] })
    expect(await push(snapshotOf(live))).toMatchObject({
      outcome: 'failed',
      error: 'destination "main": the secret PROM_TOKEN is not set',
    })
    expect(world.calls).toEqual([])
    expect(destination.health().state).toBe('misconfigured')
  })

  it('tells nobody what of its address and headers a backend repeats', async () => {
    const echo = ({ url, init }: Call): Answer => ({ status: 401, body: `${url} ${JSON.stringify(init.headers)}` })
    const canary = 'k3y-in-the-wrong-place'
    const config = { url: `https://receiver.example/write?key=${canary}`, headers: { 'x-region': `eu-${canary}` } }
    const { push, destination } = bench(echo, config)
    const report = await push(snapshotOf(live))
    expect(report.error).toContain('401')
    expect(JSON.stringify([report, destination.status(), destination.health()])).not.toContain(canary)
  })

  it('reads the secret at every push, so that it can be set or changed', async () => {
    let token: string | undefined
    const { world, push, destination } = bench(() => 204, { credentials: [bearer('T')] }, { secret: () => token })
    await push(snapshotOf(live))
    token = 'abc'
    await push(snapshotOf(live))
    expect(world.calls.map(({ init }) => init.headers)).toMatchObject([{ authorization: 'Bearer abc' }])
    expect(destination.health().state).toBe('ok')
  })

  it('begins again after a push that its caller ended between the steps', async () => {
    const { world, destination, push } = bench(() => 204)
    const begun = destination.begin(snapshotOf(fresh))!
    await begun.zeros()
    expect(begun.end('failed')).toMatchObject({ requests: { accepted: 1 } })
    expect(destination.health()).toMatchObject({ state: 'failing', consecutiveFailures: 1 })
    expect(world.calls).toHaveLength(1)
    expect(await push(snapshotOf(fresh))).toMatchObject({ outcome: 'accepted' })
  })

  it('takes what its route takes and its mapping does not drop', () => {
    const { destination } = bench(() => 204, {
      route: { include: ['shop.*'], exclude: ['shop.secret'], where: { service: ['shop'] } },
      mapping: [{ match: 'shop.noise', drop: true }],
    })
    const takes = (name: string, service: string): boolean =>
      destination.accepts(counterOf(name, 1, { service }).series)
    expect([takes('shop.clicks', 'shop'), takes('shop.secret', 'shop'), takes('shop.clicks', 'blog')]).toEqual([
      true,
      false,
      false,
    ])
    expect([takes('other', 'shop'), takes('shop.noise', 'shop')]).toEqual([false, false])
  })

  it('sends metrics as its mapping has them, with what is known of them', async () => {
    const metrics = { latency: { unit: 's', buckets: [1] } }
    const { world, push, settled } = bench(
      () => 204,
      { mapping: [{ match: 'lat*', rename: 'slow*', addAttributes: { env: 'test' } }] },
      { config: testConfig({ metrics }) },
    )
    const series = histogramOf('latency', [0.5], { phase: 'new' })
    await push(snapshotOf(series))
    expect(sent(world).slice(4)).toEqual([
      '20000 slowency_seconds_bucket{env=test,le=1} 1',
      '20000 slowency_seconds_bucket{env=test,le=+Inf} 1',
      '20000 slowency_seconds_sum{env=test} 0.5',
      '20000 slowency_seconds_count{env=test} 1',
    ])
    expect(settled).toEqual([series.key])
  })
})
