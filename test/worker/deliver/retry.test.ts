import { describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../../worker/deliver/outcome.ts'
import { createRetryingSender } from '../../../worker/deliver/retry.ts'
import { createFakeWorld, requestOf } from './fake-world.ts'

const accepted: SendOutcome = { type: 'accepted' }
const refused: SendOutcome = { type: 'refused', status: 400, detail: '' }
const trouble: SendOutcome = { type: 'retry', status: 503, detail: '' }
const after = (afterMs: number): SendOutcome => ({ type: 'retry', status: 429, detail: '', afterMs })

describe('createRetryingSender', () => {
  it.each<[string, SendOutcome[], SendOutcome, number[]]>([
    ['takes a success', [accepted], accepted, []],
    ['takes a refusal', [refused], refused, []],
    ['waits longer each time', [trouble, trouble, accepted], accepted, [1_000, 2_000]],
    ['gives up after three tries', [trouble, trouble, trouble, accepted], trouble, [1_000, 2_000]],
    ['waits as long as it is told', [after(3_500), accepted], accepted, [3_500]],
    ['tries at once where it may', [after(0), accepted], accepted, [0]],
    ['gives up when that is too long', [after(10_001), accepted], after(10_001), []],
    ['gives up when the next wait is too long', [after(9_500), trouble, accepted], trouble, [9_500]],
    ['stops at a refusal', [trouble, refused, accepted], refused, [1_000]],
  ])('%s', async (...[, outcomes, expected, waits]) => {
    const world = createFakeWorld(() => 204)
    const left = [...outcomes]
    const send = createRetryingSender(async () => left.shift()!, { ...world, deadlineMs: world.now() + 10_000 })
    expect(await send(requestOf())).toEqual(expected)
    expect(world.sleptMs).toEqual(waits)
  })

  it('sends the very same request again', async () => {
    const world = createFakeWorld(() => 204)
    const seen: unknown[] = []
    const request = requestOf()
    const send = createRetryingSender(async (one) => (seen.push(one), trouble), { ...world, deadlineMs: Infinity })
    await send(request)
    expect(seen).toEqual([request, request, request])
    expect(seen.every((one) => one === request)).toBe(true)
  })
})
