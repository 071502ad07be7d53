import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addSequence,
  EMPTY_SEQUENCES,
  hasSequence,
  MAX_RANGES,
  weightOf,
  type SequenceSet,
} from '../../../../worker/state/dedupe/sequence-set.ts'

const setOf = (sequences: readonly number[]): SequenceSet => sequences.reduce<SequenceSet>(addSequence, EMPTY_SEQUENCES)

describe('a sequence set', () => {
  it.each<[readonly number[], SequenceSet]>([
    [[], 0],
    [[1, 2, 3], 3],
    [[3, 1, 2], 3],
    [[2], [2, 2]],
    [
      [1, 3],
      [1, 1, 3, 3],
    ],
    [
      [5, 3, 4],
      [3, 5],
    ],
    [
      [1, 2, 9, 8, 5],
      [1, 2, 5, 5, 8, 9],
    ],
    [[4, 4, 1, 1, 2, 3], 4],
    [[Number.MAX_SAFE_INTEGER], [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
  ])('keeps %j as %j', (sequences, expected) => {
    expect(setOf(sequences)).toEqual(expected)
  })

  it('holds what was added and nothing else, in any order', () => {
    const sequence = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 200 }), fc.array(sequence), (added, others) => {
        const set = setOf(added)
        for (const one of [...added, ...others]) expect(hasSequence(set, one)).toBe(added.includes(one))
      }),
    )
  })

  it('takes a page with 1,000 waiting batches in any order', () => {
    const sequences = Array.from({ length: 1_000 }, (_, i) => i + 1)
    const worstOrder = [...sequences.filter((n) => n % 2 === 0), ...sequences.filter((n) => n % 2 === 1)]
    let set = EMPTY_SEQUENCES
    for (const sequence of worstOrder) {
      expect(hasSequence(set, sequence)).toBe(false)
      set = addSequence(set, sequence)
    }
    expect(set).toBe(1_000)
  })

  it('stays bounded when the sequences are hostile, and never forgets one it has', () => {
    let set = EMPTY_SEQUENCES
    for (let i = 1; i <= 5_000; i++) {
      set = addSequence(set, i * 1_000)
      expect(weightOf(set)).toBeLessThanOrEqual(1 + MAX_RANGES)
    }
    for (let i = 1; i <= 5_000; i++) expect(hasSequence(set, i * 1_000)).toBe(true)
  })
})
