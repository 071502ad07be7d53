import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SendOutcome } from '../../../worker/delivery/outcome.ts'
import { createTally, EMPTY_TALLY } from '../../../worker/delivery/tally.ts'

const outcomes = fc.constantFrom<SendOutcome>(
  { type: 'accepted' },
  { type: 'accepted', rejected: 2 },
  { type: 'accepted', warning: 'old' },
  { type: 'retry', status: 503, detail: 'down', inDoubt: false },
  { type: 'retry', cause: 'timeout', detail: 'slow', inDoubt: true },
  { type: 'refused', status: 400, detail: 'bad' },
  { type: 'unsupported', status: 415, detail: 'what' },
)

it('counts every try once, every failure by its kind, and every byte', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(outcomes, fc.nat(1_000))), (tries) => {
      const told: string[] = []
      const tally = createTally('main', (detail) => told.push(detail))
      for (const [outcome, bytes] of tries) tally.add(outcome, bytes)
      const { requests, errors, bytes, rejected } = tally.result(5)
      const sum = (counts: Readonly<Record<string, number>>): number =>
        Object.values(counts).reduce((total, count) => total + count, 0)
      const failed = tries.filter(([{ type }]) => type !== 'accepted').length
      expect([sum(requests), sum(errors), told.length]).toEqual([tries.length, failed, failed])
      expect(requests['accepted'] ?? 0).toBe(tries.length - failed)
      expect(bytes).toBe(tries.reduce((total, [, some]) => total + some, 0))
      expect(rejected).toBe(tries.reduce((n, [it]) => n + (it.type === 'accepted' ? (it.rejected ?? 0) : 0), 0))
      expect(tally.isEmpty()).toBe(tries.length === 0)
    }),
  )
})

it.each<[string, (SendOutcome | string)[], string | undefined]>([
  ['nothing', [], undefined],
  ['a success', [{ type: 'accepted' }], undefined],
  ['a warning', [{ type: 'accepted', warning: 'old' }], 'destination "main": warning: old'],
  ['the last failure', ['first', { type: 'refused', status: 400, detail: 'bad' }], 'destination "main": 400: bad'],
  ['a failure before a warning', ['BUG', { type: 'accepted', warning: 'old' }], 'destination "main": BUG'],
])('tells of %s', (_, events, error) => {
  const tally = createTally('main', () => undefined)
  for (const event of events) {
    if (typeof event === 'string') tally.fail(event)
    else tally.add(event, 0)
  }
  expect(tally.result(0).error).toBe(error)
})

it('of a push that sent nothing is the empty one', () => {
  expect(createTally('main', () => undefined).result(0)).toEqual(EMPTY_TALLY)
})
