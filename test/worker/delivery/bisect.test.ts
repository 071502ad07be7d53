import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CUTS, sendStep } from '../../../worker/delivery/bisect.ts'
import { unsettledKeys, type Delivery } from '../../../worker/delivery/delivery.ts'
import type { SendOutcome } from '../../../worker/delivery/outcome.ts'
import type { ExportRequest } from '../../../worker/model/types.ts'
import { requestOf } from './fake-world.ts'

const keysOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`)
const refused = (status: number): SendOutcome => ({ type: 'refused', status, detail: '' })

/** Sends `requests` to a receiver that answers by the keys inside. */
async function run(
  requests: ExportRequest[],
  answer: (keys: readonly string[]) => SendOutcome,
): Promise<Delivery & { sent: string[][] }> {
  const sent: string[][] = []
  const result = await sendStep(requests, {
    send: async ({ keys }) => {
      sent.push([...keys])
      return answer(keys)
    },
    encodeOnly: (keys) => (keys.size > 0 ? [requestOf({ keys: [...keys] })] : []),
  })
  return { ...result, sent }
}

describe('sendStep', () => {
  it('loses only the bad series, whichever and however many', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.uniqueArray(fc.nat(199), { maxLength: 5 }),
        async (count, bad) => {
          const isBad = (key: string): boolean => bad.includes(Number(key.slice(1)))
          const {
            accepted,
            refused: alone,
            sent,
          } = await run([requestOf({ keys: keysOf(count) })], (keys) =>
            keys.some(isBad) ? refused(400) : { type: 'accepted' },
          )
          expect([...accepted]).toEqual(keysOf(count).filter((key) => !isBad(key)))
          expect([...alone.keys()]).toEqual(keysOf(count).filter(isBad))
          expect(sent.length).toBeLessThanOrEqual(1 + 2 * MAX_CUTS)
        },
      ),
    )
  })

  it('bounds the cuts when everything is refused, and settles nothing it did not ask', async () => {
    const { accepted, refused: alone, sent } = await run([requestOf({ keys: keysOf(5_000) })], () => refused(400))
    expect(accepted.size).toBe(0)
    expect(alone.size).toBeLessThanOrEqual(MAX_CUTS + 1)
    expect(sent.length).toBeLessThanOrEqual(1 + 2 * MAX_CUTS)
  })

  it('cuts before a large place, when that is all there is behind the middle', async () => {
    // Ten keys, two places: the second is of nine keys and goes with its first.
    const [first = '', ...rest] = keysOf(10)
    const places = [[first], rest]
    const result = await sendStep([requestOf({ keys: places.flat() })], {
      send: async ({ keys }) => (keys.includes(first) ? refused(400) : { type: 'accepted' }),
      encodeOnly: (keys) => {
        const wanted = places.filter((place) => keys.has(place[0]!)).flat()
        return wanted.length > 0 ? [requestOf({ keys: wanted })] : []
      },
    })
    expect([...result.refused.keys()]).toEqual([first])
    expect([...result.accepted]).toEqual(rest)
  })

  it('does not cut what cannot be cut: series that share a place', async () => {
    const sent: number[] = []
    const together = requestOf({ keys: ['a', 'b'] })
    const result = await sendStep([together], {
      send: async ({ keys }) => (sent.push(keys.length), refused(400)),
      encodeOnly: (keys) => (keys.has('a') ? [together] : []),
    })
    expect([...result.refused]).toEqual([
      ['a', '400: '],
      ['b', '400: '],
    ])
    expect(sent).toEqual([2])
  })

  it.each([301, 401, 403, 404, 415])('stops at %i, which is about us and not the data', async (status) => {
    const {
      haltedBy,
      sent,
      refused: alone,
    } = await run([requestOf({ keys: keysOf(4) }), requestOf()], () => refused(status))
    expect(haltedBy).toEqual(refused(status))
    expect(sent).toHaveLength(1)
    expect(alone.size).toBe(0)
  })

  it('stops when the receiver is down, and goes on after a 500, which may be about the data', async () => {
    const requests = (): ExportRequest[] => [requestOf({ keys: ['a'] }), requestOf({ keys: ['b'] })]
    const failing =
      (status?: number) =>
      (keys: readonly string[]): SendOutcome =>
        keys[0] === 'a'
          ? { type: 'retry', detail: '', inDoubt: false, ...(status ? { status } : {}) }
          : { type: 'accepted' }
    for (const status of [undefined, 429, 502, 503]) {
      const { haltedBy, sent, accepted } = await run(requests(), failing(status))
      expect([haltedBy?.type, sent.length, accepted.size]).toEqual(['retry', 1, 0])
    }
    const notAgain = (keys: readonly string[]): SendOutcome => (keys[0] === 'a' ? refused(500) : { type: 'accepted' })
    for (const answer of [failing(500), notAgain]) {
      const { haltedBy, accepted, refused: alone } = await run(requests(), answer)
      expect([haltedBy, [...accepted], alone.size]).toEqual([undefined, ['b'], 0])
    }
  })

  it('accounts for every series once, whatever is answered', async () => {
    const answers = fc.constantFrom<SendOutcome>(
      { type: 'accepted' },
      refused(400),
      refused(403),
      { type: 'unsupported', status: 415, detail: '' },
      { type: 'retry', status: 500, detail: '', inDoubt: false },
      { type: 'retry', status: 503, detail: '', inDoubt: false },
      { type: 'retry', detail: '', inDoubt: true },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
        fc.infiniteStream(answers),
        async (sizes, stream) => {
          const all = keysOf(sizes.reduce((sum, size) => sum + size, 0))
          const left = [...all]
          const requests = sizes.map((size) => requestOf({ keys: left.splice(0, size) }))
          const delivery = await run(requests, () => stream.next().value as SendOutcome)
          const settled = [...delivery.accepted, ...delivery.refused.keys(), ...unsettledKeys(delivery)]
          expect(settled.sort()).toEqual(all.sort())
        },
      ),
    )
  })

  it('takes a request that cannot be cut because the exporter fails for refused, whole', async () => {
    const request = requestOf({ keys: ['a', 'b'] })
    const { refused: alone } = await sendStep([request], {
      send: async () => refused(400),
      encodeOnly: (keys) => {
        if (keys.has('b')) throw new Error('BUG')
        return [requestOf({ keys: ['a'] })]
      },
    })
    expect([...alone.keys()]).toEqual(['a', 'b'])
  })
})
