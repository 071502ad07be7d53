import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packRequests } from '../../../../worker/destinations/shared/pack.ts'

const items = (...sizes: [count: number, bytes: number][]): { item: number; count: number; bytes: number }[] =>
  sizes.map(([count, bytes], item) => ({ item, count, bytes }))

describe('packRequests', () => {
  it.each<[string, [number, number][], number[][]]>([
    ['nothing', [], []],
    [
      'what fits',
      [
        [1, 1],
        [2, 9],
      ],
      [[0, 1]],
    ],
    [
      'a cut at the count',
      [
        [2, 1],
        [2, 1],
        [1, 1],
      ],
      [[0], [1, 2]],
    ],
    [
      'a cut at the bytes',
      [
        [1, 6],
        [1, 5],
        [1, 5],
      ],
      [[0], [1, 2]],
    ],
    [
      'one too large alone',
      [
        [1, 1],
        [9, 99],
        [1, 1],
      ],
      [[0], [1], [2]],
    ],
  ])('%s', (_what, sizes, expected) => {
    expect(packRequests(items(...sizes), { maxCount: 3, maxBytes: 10 })).toEqual(expected)
  })

  it('keeps every item, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(20))), (sizes) => {
        const packed = packRequests(items(...sizes), { maxCount: 3, maxBytes: 10 })
        expect(packed.flat()).toEqual(sizes.map((_, i) => i))
        expect(packed.every((request) => request.length > 0)).toBe(true)
      }),
    )
  })
})
