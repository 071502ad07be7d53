import { describe, expect, it } from 'vitest'
import { findInRow, freezeSessions, rowsWith, type Generation } from '../../../../worker/state/dedupe/cold-sessions.ts'
import type { SequenceSet } from '../../../../worker/state/dedupe/sequence-set.ts'
import { sessionHash } from '../../../../worker/state/dedupe/session-hash.ts'

const seed = 42
const id = (i: number): string => `session-${String(i).padStart(8, '0')}`

describe('a generation', () => {
  const sessions = new Map<string, SequenceSet>(
    Array.from({ length: 10_000 }, (_, i) => [id(i), i % 3 === 0 ? [2, i + 2] : i]),
  )
  const { generation, rows } = freezeSessions(sessions, { id: 1, frozenMs: 5, seed })

  it('finds every session by reading one row', () => {
    for (const [session, sequences] of sessions) {
      const candidates = rowsWith(generation, sessionHash(session, seed))
      expect(candidates).toHaveLength(1)
      expect(findInRow(rows[candidates[0]!]!, session)).toEqual(sequences)
    }
  })

  it('reads nothing for nearly every other session', () => {
    const strangers = Array.from({ length: 10_000 }, (_, i) => sessionHash(`stranger${i}`, seed))
    expect(strangers.filter((hash) => rowsWith(generation, hash).length > 0).length).toBeLessThan(3)
  })

  it('costs 4 bytes of memory a session, and small rows', () => {
    expect(generation.hashes.byteLength).toBe(4 * sessions.size)
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThan(20_000)
    expect(generation.starts).toHaveLength(rows.length)
  })

  it('keeps rows under 2 MB for the most scattered sessions there can be', () => {
    const scattered = Array.from({ length: 1_000 }, (_, i) => Number.MAX_SAFE_INTEGER - 2_000 + i)
    const hostile = new Map<string, SequenceSet>(Array.from({ length: 60 }, (_, i) => [id(i), scattered]))
    const frozen = freezeSessions(hostile, { id: 2, frozenMs: 5, seed })
    expect(Math.max(...frozen.rows.map(({ length }) => length))).toBeLessThan(2_000_000)
  })
})

describe('hashes that meet', () => {
  const generation: Generation = {
    id: 1,
    frozenMs: 0,
    hashes: Uint32Array.from([1, 5, 5, 5, 5, 9]),
    starts: [0, 2, 3, 5],
  }
  it.each([
    [0, []],
    [1, [0]],
    [5, [0, 1, 2]],
    [9, [3]],
    [10, []],
  ])('%i is looked for in the rows %j', (hash, rows) => {
    expect(rowsWith(generation, hash)).toEqual(rows)
  })
})
