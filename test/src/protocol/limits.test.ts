import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../../src/protocol/decode.ts'
import * as limits from '../../../src/protocol/limits.ts'
import * as pageLimits from '../../../src/protocol/page-limits.ts'

const session = 'A'.repeat(limits.SESSION_LENGTH)

interface Beacon {
  readonly sum: number
  readonly observation: number
  readonly points: number
  readonly weight: number
}

/** Whether the edge takes all of a beacon with this in it. */
function isTaken(change: Partial<Beacon>): boolean {
  const { sum = 1, observation = 1, points = 2, weight = 1 } = change
  const counters = Array.from({ length: points - 1 }, (_, i) => [`c${i}`, sum])
  const batches = [[1, 0, counters, [['h', observation]]]]
  const decoded = decodeEnvelope({ v: 1, sent: 0, groups: [{ session, weight, resource: {}, batches }] })
  return decoded.ok && decoded.value.every(({ dropped }) => dropped.length === 0)
}

describe('the limits of a page', () => {
  it('are those of the edge', () => {
    expect(limits).toMatchObject(pageLimits)
  })

  it.each<[string, Partial<Beacon>, Partial<Beacon>]>([
    ['a value', { observation: pageLimits.MAX_VALUE }, { observation: 1.01 * pageLimits.MAX_VALUE }],
    ['a value below zero', { observation: -pageLimits.MAX_VALUE }, { observation: -1.01 * pageLimits.MAX_VALUE }],
    ['points', { points: pageLimits.MAX_POINTS_PER_BATCH }, { points: pageLimits.MAX_POINTS_PER_BATCH + 1 }],
    ['a weight', { weight: pageLimits.MAX_WEIGHT }, { weight: pageLimits.MAX_WEIGHT + 1 }],
  ])('are taken by the edge, which takes no more: %s', (_, most, more) => {
    expect([isTaken(most), isTaken(more)]).toEqual([true, false])
  })

  it('may all be reached at once', () => {
    const { MAX_VALUE, MAX_POINTS_PER_BATCH, MAX_WEIGHT } = pageLimits
    expect(isTaken({ sum: MAX_VALUE, observation: MAX_VALUE, points: MAX_POINTS_PER_BATCH, weight: MAX_WEIGHT })).toBe(
      true,
    )
  })
})

describe('the reasons that the limits give', () => {
  it.each<[string, boolean]>([
    [
      'the largest value times the largest weight is the largest sum',
      limits.MAX_VALUE * limits.MAX_WEIGHT === limits.MAX_SUM,
    ],
    ['2^53 of the largest values are a finite sum', Number.isFinite(2 ** 53 * limits.MAX_VALUE)],
    ['10^14 of the largest sums are a finite total', Number.isFinite(1e14 * limits.MAX_SUM)],
    ['no count is beyond what a double holds exactly', Number.isSafeInteger(limits.MAX_COUNT)],
    ['several batches fit a body', 2 * limits.MAX_BATCH_BYTES < limits.MAX_BODY_BYTES],
    [
      'as many batches as fit a body may be in it',
      limits.MAX_BATCHES_PER_BODY > limits.MAX_BODY_BYTES / limits.MAX_BATCH_BYTES,
    ],
    ['16 letters and digits are more than 82 bits', limits.SESSION_LENGTH * Math.log2(36) > 82],
    ['all doubles fit the buckets at the coarsest scale', 2_098 * 2 ** limits.MIN_SCALE <= limits.MAX_BUCKETS],
  ])('%s', (_, holds) => {
    expect(holds).toBe(true)
  })
})
