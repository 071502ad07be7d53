import { describe, expect, it } from 'vitest'
import { createConnection, RETRY_BUDGET_MS, type Connection } from '../../../worker/delivery/connection.ts'
import type { PushOutcome } from '../../../worker/delivery/delivery.ts'
import { testConfig, testDestination } from '../../contract/snapshots.ts'
import { createFakeExporter } from './fake-exporter.ts'
import { type Answer, createFakeWorld, type FakeWorld, requestOf } from './fake-world.ts'

function bench(
  answer: () => Answer = () => 204,
  flushIntervalMs = 60_000,
): { world: FakeWorld; connection: Connection } {
  const world = createFakeWorld(answer, { config: testConfig({ flushIntervalMs }) })
  return { world, connection: createConnection(createFakeExporter(), testDestination(), world) }
}

describe('a push', () => {
  it.each<[sent: 'nothing' | 'a request', broken: 'broken' | 'whole', PushOutcome, state: string]>([
    ['nothing', 'whole', 'accepted', 'unknown'],
    ['nothing', 'whole', 'failed', 'unknown'],
    ['nothing', 'broken', 'skipped', 'failing'],
    ['a request', 'whole', 'accepted', 'ok'],
    ['a request', 'whole', 'partly', 'ok'],
    ['a request', 'whole', 'failed', 'failing'],
    ['a request', 'broken', 'partly', 'failing'],
  ])('that sent %s, %s, and ended %s leaves the destination %s', async (...[sent, broken, outcome, state]) => {
    const { connection } = bench()
    const push = connection.begin()!
    if (sent === 'a request') await push.send(requestOf())
    if (broken === 'broken') push.fail(new Error('BUG'))
    const tally = push.end(outcome)
    expect(connection.health().state).toBe(state)
    expect(tally.requests).toEqual(sent === 'nothing' ? {} : { accepted: 1 })
    expect(tally.error).toBe(broken === 'broken' ? 'destination "main": Error: BUG' : undefined)
  })

  it('that breaks was not sent', () => {
    const failure = bench().connection.begin()!.fail(new Error('BUG'))
    expect(failure).toEqual({ type: 'retry', detail: 'Error: BUG', inDoubt: false })
  })

  it('is alone until it ends', () => {
    const { connection } = bench()
    const push = connection.begin()!
    expect(connection.begin()).toBeUndefined()
    push.end('accepted')
    expect(connection.begin()).toBeDefined()
  })

  it('counts failures in a row, and forgets them with a success', async () => {
    const { connection } = bench()
    const counts: number[] = []
    for (const outcome of ['failed', 'failed', 'partly', 'failed'] as const) {
      const push = connection.begin()!
      await push.send(requestOf())
      push.end(outcome)
      counts.push(connection.health().consecutiveFailures)
    }
    expect(counts).toEqual([1, 2, 0, 1])
  })

  it.each([
    ['the budget', 60_000, RETRY_BUDGET_MS],
    ['a flush interval, where that is shorter', 5_000, 5_000],
  ])('tries again for no longer than %s', async (_, flushIntervalMs, budgetMs) => {
    const wait = (seconds: number): Answer => ({ status: 429, headers: { 'retry-after': String(seconds) } })
    const triesAfter = async (seconds: number): Promise<number> => {
      const { world, connection } = bench(() => wait(seconds), flushIntervalMs)
      const push = connection.begin()!
      await push.send(requestOf())
      push.end('failed')
      return world.calls.length
    }
    expect([await triesAfter(budgetMs / 1_000), await triesAfter(budgetMs / 1_000 + 1)]).toEqual([2, 1])
  })

  it('measures its time on the clock it is given', () => {
    const { world, connection } = bench()
    const push = connection.begin()!
    world.advance(1_234)
    expect(push.end('accepted').durationMs).toBe(1_234)
  })
})

describe('the exporter', () => {
  it('is followed by its fallbacks, one by one', () => {
    const last = createFakeExporter({ protocol: 'fake 1' })
    const first = createFakeExporter({ protocol: 'fake 2', fallback: last })
    const connection = createConnection(
      first,
      testDestination(),
      createFakeWorld(() => 204),
    )
    expect([connection.exporter(), connection.useFallback(), connection.exporter()]).toEqual([first, true, last])
    expect([connection.useFallback(), connection.exporter()]).toEqual([false, last])
  })
})
