import { describe, expect, it } from 'vitest'
import type { Exporter, Snapshot } from '../../../worker/model/types.ts'
import { deliverWith } from '../../../worker/delivery/destination.ts'
import type { CumulativeDestination } from '../../../worker/delivery/destination-api.ts'
import { counterOf, snapshotOf, testDestination } from '../../contract/snapshots.ts'
import { createFakeExporter, readFakeBody } from './fake-exporter.ts'
import { type Answer, type Call, createFakeWorld, type FakeWorld } from './fake-world.ts'
import { pushSnapshot, type Pushed } from './pushing.ts'

const cumulative = (changes: Parameters<typeof createFakeExporter>[0] = {}): Exporter =>
  createFakeExporter({ temporality: 'cumulative', most: 100, ...changes })

interface Bench {
  readonly world: FakeWorld
  readonly destination: CumulativeDestination
  readonly push: (snapshot: Snapshot) => Promise<Pushed>
}

function bench(answer: (call: Call, index: number) => Answer, exporter: Exporter = cumulative()): Bench {
  const world = createFakeWorld(answer)
  const destination = deliverWith(exporter, testDestination(), world) as CumulativeDestination
  return { world, destination, push: (snapshot) => pushSnapshot(destination, snapshot) }
}

/** Ids in each request from `first` on. */
const ids = ({ calls }: FakeWorld, first = 0): number[][] =>
  calls.slice(first).map(({ body }) => readFakeBody(body).rows.map(([, , value]) => value))

const numbered = (...values: readonly number[]): Snapshot =>
  snapshotOf(...values.map((value) => counterOf('x', value, { attributes: { id: String(value).padStart(3, '0') } })))

describe('a series that was refused for itself', () => {
  const poison = new Set([13])
  const answer = ({ body }: Call): Answer =>
    readFakeBody(body).rows.some(([, , value]) => poison.has(value)) ? { status: 400, body: 'bad' } : 204
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

  it('costs the others nothing from the second push on, and is reported each time', async () => {
    const { world, push } = bench(answer)
    const first = await push(numbered(...hundred))
    expect(first.refused).toEqual([[expect.stringContaining('"013"'), '400: bad']])
    const before = world.calls.length
    const second = await push(numbered(...hundred))
    expect(second).toMatchObject({ outcome: 'partly', requests: { accepted: 1, refused: 1 }, refused: first.refused })
    expect(ids(world, before)).toEqual([hundred.filter((value) => value !== 13), [13]])
  })

  it('goes with the others again when it is accepted', async () => {
    const { world, push } = bench(answer)
    await push(numbered(...hundred))
    poison.clear()
    expect(await push(numbered(...hundred))).toMatchObject({
      outcome: 'accepted',
      requests: { accepted: 2 },
      refused: [],
    })
    const before = world.calls.length
    await push(numbered(...hundred))
    expect(ids(world, before)).toEqual([hundred])
    poison.add(13)
  })

  it('is forgotten when it is gone', async () => {
    const { world, push } = bench(answer)
    await push(numbered(...hundred))
    await push(numbered(1, 2))
    poison.clear()
    const before = world.calls.length
    await push(numbered(12, 13))
    expect(ids(world, before)).toEqual([[12, 13]])
    poison.add(13)
  })
})

describe('a version the receiver does not speak', () => {
  const old = cumulative({ protocol: 'fake 1' })
  const both = cumulative({ protocol: 'fake 2', fallback: old, most: 1 })
  const answer = ({ body }: Call): Answer => (readFakeBody(body).protocol === 'fake 2' ? 415 : 204)

  it('is given up for good, and nothing is lost', async () => {
    const { world, push, destination } = bench(answer, both)
    expect(destination.status().protocol).toBe('fake 2')
    expect(await push(numbered(1, 2, 3))).toMatchObject({
      outcome: 'accepted',
      requests: { refused: 1, accepted: 1 },
      errors: { 415: 1 },
    })
    expect(ids(world)).toEqual([[1], [1, 2, 3]])
    expect(destination.status().protocol).toBe('fake 1 (the receiver does not speak fake 2)')
    await push(numbered(4))
    expect(ids(world, 2)).toEqual([[4]])
  })

  it('is a failure where there is no other', async () => {
    const { push, destination } = bench(() => 415)
    expect(await push(numbered(1))).toMatchObject({ outcome: 'failed', error: 'destination "main": 415: ' })
    expect(destination.health().state).toBe('failing')
  })
})

describe('the tally of a push', () => {
  it('count tries, errors by their kind, and bytes of every try', async () => {
    const answers: Answer[] = [503, 'broken', 204, 500, 500, 500]
    const { world, push } = bench((_call, index) => answers[index] ?? 204, cumulative({ most: 1 }))
    const report = await push(numbered(1, 2))
    expect(report).toMatchObject({
      outcome: 'partly',
      requests: { retry: 5, accepted: 1 },
      errors: { 503: 1, no_answer: 1, 500: 3 },
      error: 'destination "main": 500: ',
    })
    expect(report.bytes).toBe(world.calls.reduce((bytes, { body }) => bytes + body.byteLength, 0))
  })

  it('hold what the receiver dropped from what it accepted, and its warning, which is no failure', async () => {
    const exporter: Exporter = {
      ...cumulative(),
      readAnswer: () => ({ type: 'accepted', rejected: 2, warning: 'too old' }),
    }
    const { push, destination } = bench(() => 200, exporter)
    expect(await push(numbered(1, 2, 3))).toMatchObject({
      outcome: 'accepted',
      rejected: 2,
      errors: {},
      error: 'destination "main": warning: too old',
    })
    expect(destination.status()).not.toHaveProperty('lastError')
  })
})

describe('a 500 that is not worth another try', () => {
  const once: Exporter = { ...cumulative({ most: 1 }), readAnswer: () => ({ type: 'refused' }) }

  it('holds back its own request, and opens the circuit at the fifth in a row', async () => {
    const { world, push, destination } = bench(() => 500, once)
    expect(await push(numbered(1, 2, 3, 4, 5, 6, 7))).toMatchObject({ outcome: 'failed', requests: { refused: 5 } })
    expect(ids(world)).toEqual([[1], [2], [3], [4], [5]])
    expect(destination.status().circuit.state).toBe('open')
  })
})

describe('the status of a destination', () => {
  it('tells of its circuit, its last error and what it speaks', async () => {
    let isUp = false
    const { world, push, destination } = bench(() => (isUp ? 204 : { status: 503, body: 'down' }))
    const pushes = [
      { state: 'closed', failures: 3 },
      { state: 'open', failures: 5, openUntilMs: expect.any(Number) },
    ]
    for (const circuit of pushes) {
      await push(numbered(1))
      expect(destination.status().circuit).toEqual(circuit)
    }
    world.advance(60_000)
    expect(destination.status()).toEqual({
      name: 'main',
      kind: 'prometheus',
      protocol: 'fake',
      temporality: 'cumulative',
      enabled: true,
      state: 'failing',
      consecutiveFailures: 2,
      circuit: { state: 'half-open', failures: 5 },
      lastError: { timeMs: 1_004_000, detail: '503: down' },
    })
    isUp = true
    await push(numbered(1))
    expect(destination.status()).toMatchObject({ state: 'ok', circuit: { state: 'closed', failures: 0 } })
  })

  it('survives an exporter that fails', async () => {
    const broken: Exporter = {
      ...cumulative(),
      encode: () => {
        throw new Error('BUG')
      },
    }
    const { push, destination } = bench(() => 204, broken)
    expect(await push(numbered(1))).toMatchObject({ outcome: 'failed', error: 'destination "main": Error: BUG' })
    expect(destination.health().state).toBe('failing')
  })
})
