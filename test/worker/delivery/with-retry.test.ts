import { describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../../worker/delivery/outcome.ts'
import { withRetry, type RetryOptions } from '../../../worker/delivery/with-retry.ts'
import { prepare, type Attempt } from '../../../worker/delivery/send-once.ts'
import { createFakeWorld, type FakeWorld, requestOf } from './fake-world.ts'

type Retry = SendOutcome & { type: 'retry' }

const accepted: SendOutcome = { type: 'accepted' }
const bad: SendOutcome = { type: 'refused', status: 400, detail: '' }
const forbidden: SendOutcome = { type: 'refused', status: 403, detail: '' }
const trouble: Retry = { type: 'retry', status: 503, detail: '', inDoubt: false }
const silence: Retry = { type: 'retry', cause: 'no_answer', detail: '', inDoubt: true }
const after = (afterMs: number): Retry => ({ type: 'retry', status: 429, detail: '', afterMs, inDoubt: false })
const doubted = <T extends SendOutcome>(outcome: T): T => ({ ...outcome, inDoubt: true })

const optionsOf = (world: FakeWorld, deadlineMs: number): RetryOptions => ({
  ...world,
  deadlineMs,
  prepare: (request) => prepare(request, { headers: {}, redact: (text) => text }),
})

describe('withRetry', () => {
  it.each<[string, SendOutcome[], SendOutcome, number[]]>([
    ['takes a success', [accepted], accepted, []],
    ['takes a refusal', [bad], bad, []],
    ['waits longer each time', [trouble, trouble, accepted], accepted, [1_000, 2_000]],
    ['gives up after three tries', [trouble, trouble, trouble, accepted], trouble, [1_000, 2_000]],
    ['waits as long as it is told', [after(3_500), accepted], accepted, [3_500]],
    ['tries at once where it may', [after(0), accepted], accepted, [0]],
    ['gives up when that is too long', [after(10_001), accepted], after(10_001), []],
    ['gives up when the next wait is too long', [after(9_500), trouble, accepted], trouble, [9_500]],
    ['stops at a refusal', [trouble, bad, accepted], bad, [1_000]],
    ['is sure of what is accepted in the end', [silence, accepted], accepted, [1_000]],
    ['stays in doubt', [silence, trouble, trouble], doubted(trouble), [1_000, 2_000]],
    ['stays in doubt when it gives up early', [silence, after(60_000)], doubted(after(60_000)), [1_000]],
    ['is sure of what is refused for its data', [silence, bad], bad, [1_000]],
    ['stays in doubt when it is refused for another reason', [silence, forbidden], doubted(forbidden), [1_000]],
  ])('%s', async (...[, outcomes, expected, waits]) => {
    const world = createFakeWorld(() => 204)
    const left = [...outcomes]
    const send = withRetry(async () => left.shift()!, optionsOf(world, world.now() + 10_000))
    expect(await send(requestOf())).toEqual(expected)
    expect(world.sleptMs).toEqual(waits)
  })

  it.each<[string, SendOutcome[], SendOutcome]>([
    ['when no answer came', [silence, accepted], silence],
    ['but when the receiver said no', [trouble, accepted], accepted],
    ['when no answer came at last', [trouble, silence, accepted], silence],
  ])('does not try again what must not be stored twice %s', async (_when, outcomes, expected) => {
    const world = createFakeWorld(() => 204)
    const left = [...outcomes]
    const send = withRetry(async () => left.shift()!, optionsOf(world, Infinity))
    expect(await send(requestOf({ inDoubt: 'drop' }))).toEqual(expected)
  })

  it('sends the very same bytes again, and counts the tries', async () => {
    const world = createFakeWorld(() => 204)
    const seen: Attempt[] = []
    const request = requestOf({ encoding: 'gzip' })
    const send = withRetry(async (attempt) => (seen.push(attempt), trouble), optionsOf(world, Infinity))
    await send(request)
    expect(seen.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(seen.every((one) => one.request === request && one.outgoing === seen[0]!.outgoing)).toBe(true)
  })

  it('does not reject when the request cannot be made ready', async () => {
    const world = createFakeWorld(() => 204)
    const options = { ...optionsOf(world, Infinity), prepare: () => Promise.reject(new Error('no memory')) }
    const send = withRetry(async () => accepted, options)
    expect(await send(requestOf())).toMatchObject({ type: 'retry', detail: 'Error: no memory' })
  })
})
