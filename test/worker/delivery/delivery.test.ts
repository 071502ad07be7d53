import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deliveryOf,
  notDelivered,
  unsettledKeys,
  withMissing,
  type Delivery,
  type Settled,
} from '../../../worker/delivery/delivery.ts'

const failure = { type: 'retry', detail: 'down', inDoubt: false } as const

/** Requests of one to three keys, each with its fate. */
const settled = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 3 }),
      fate: fc.constantFrom('accepted', 'refused', 'open'),
      inDoubt: fc.constantFrom('resend' as const, 'drop' as const),
      mayBeStored: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((requests) => {
    const result = { accepted: new Set<string>(), refused: new Map<string, string>(), unsettled: [] as unknown[] }
    requests.forEach(({ size, fate, inDoubt, mayBeStored }, i) => {
      const keys = Array.from({ length: size }, (_, n) => `${i}.${n}`)
      if (fate === 'accepted') for (const key of keys) result.accepted.add(key)
      else if (fate === 'refused') for (const key of keys) result.refused.set(key, '400')
      else result.unsettled.push({ request: { keys, inDoubt }, mayBeStored })
    })
    return result as Settled
  })

const keysIn = (delivery: Delivery): string[] => [
  ...delivery.accepted,
  ...delivery.refused.keys(),
  ...unsettledKeys(delivery),
]

describe('deliveryOf', () => {
  it('puts every series in one place, and each open request where its doubt belongs', () => {
    fc.assert(
      fc.property(settled, (given) => {
        const delivery = deliveryOf(given)
        const open = given.unsettled.flatMap(({ request, mayBeStored }) =>
          request.keys.map((key) => [key, mayBeStored ? request.inDoubt : 'notStored'] as const),
        )
        const all = [...given.accepted, ...given.refused.keys(), ...open.map(([key]) => key)]
        expect(keysIn(delivery).toSorted()).toEqual(all.toSorted())
        const inPlace = (place: string): string[] => open.filter(([, it]) => it === place).map(([key]) => key)
        expect(delivery.inDoubt.flat()).toEqual(inPlace('resend'))
        expect(delivery.lost).toEqual(inPlace('drop'))
        expect(delivery.notStored).toEqual(inPlace('notStored'))
      }),
    )
  })

  it('is accepted when nothing is missing, failed when nothing is accepted, else partly', () => {
    fc.assert(
      fc.property(settled, fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }), (given, more) => {
        const delivery = withMissing(deliveryOf(given), 'notStored', more)
        const isWhole = given.refused.size + given.unsettled.length + more.length === 0
        const some = given.accepted.size > 0 ? 'partly' : 'failed'
        expect(delivery.outcome).toBe(isWhole ? 'accepted' : some)
        expect(delivery.notStored.slice(0, more.length)).toEqual(more)
      }),
    )
  })
})

it('a step that was not sent leaves every series certainly not stored', () => {
  const delivery = notDelivered(['a', 'b'], failure)
  expect([delivery.outcome, keysIn(delivery), delivery.notStored]).toEqual(['failed', ['a', 'b'], ['a', 'b']])
  expect(delivery.haltedBy).toBe(failure)
})
