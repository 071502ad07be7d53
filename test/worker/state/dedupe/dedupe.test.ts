import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../../worker/state/change.ts'
import type { Generation } from '../../../../worker/state/dedupe/cold-sessions.ts'
import { createDedupe, MAX_HOT_MS, REMEMBER_MS, type Dedupe } from '../../../../worker/state/dedupe/dedupe.ts'

const HOUR_MS = 3_600_000

/** A dedupe memory with the storage it needs, as maps. */
function createRig(limits: { maxHotWeight?: number; maxColdSessions?: number } = {}) {
  const rows = new Map<string, string>()
  const generations: Generation[] = []
  const reads: string[] = []
  const open = (): Dedupe =>
    createDedupe({
      ...limits,
      seed: 3,
      generations,
      readRow: (generation, row) => {
        reads.push(`${generation}/${row}`)
        return rows.get(`${generation}/${row}`)!
      },
    })
  let dedupe = open()
  return {
    get dedupe() {
      return dedupe
    },
    reads,
    rows,
    generations,
    tick(nowMs: number) {
      const plan = dedupe.plan(nowMs)
      const hot = [...dedupe.changes(plan)]
      plan.frozen?.rows.forEach((row, i) => rows.set(`${plan.frozen!.generation.id}/${i}`, row))
      for (const { id } of plan.expired) for (const key of rows.keys()) if (key.startsWith(`${id}/`)) rows.delete(key)
      generations.splice(0, generations.length, ...generations.filter((it) => !plan.expired.includes(it)))
      if (plan.frozen) generations.push(plan.frozen.generation)
      dedupe.settle(plan)
      return { plan, hot }
    },
    restart(hot: readonly Change[], nowMs: number) {
      dedupe = open()
      for (const change of structuredClone(hot))
        if (change.type === 'session') dedupe.restore(change.session, change.sequences, nowMs)
    },
  }
}

describe('the dedupe memory', () => {
  it('knows exactly what was added, over freezing, thawing and restarts', () => {
    const session = fc.integer({ min: 0, max: 12 }).map((n) => `session${n}`)
    const sequence = fc.integer({ min: 1, max: 8 })
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constant('add' as const), session, sequence) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('tick' as const), session, sequence) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('restart' as const), session, sequence) },
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const rig = createRig({ maxHotWeight: 4 })
        const seen = new Set<string>()
        for (const [kind, session, sequence] of actions) {
          expect(rig.dedupe.has(session, sequence)).toBe(seen.has(`${session}.${sequence}`))
          if (kind === 'add') {
            rig.dedupe.add(session, sequence, 0)
            seen.add(`${session}.${sequence}`)
            continue
          }
          const { hot } = rig.tick(0)
          if (kind === 'restart') rig.restart(hot, 0)
        }
        for (let s = 0; s <= 12; s++)
          for (let n = 1; n <= 8; n++) expect(rig.dedupe.has(`session${s}`, n)).toBe(seen.has(`session${s}.${n}`))
      }),
    )
  })

  it('reads the row of a session that returns once, and none for new sessions', () => {
    const rig = createRig({ maxHotWeight: 3 })
    for (const session of ['a', 'b', 'c']) rig.dedupe.add(session, 1, 0)
    rig.tick(0)
    expect(rig.dedupe.size()).toEqual({ hot: 0, cold: 3 })
    rig.dedupe.add('d', 1, 0)
    expect(rig.reads).toEqual([])
    expect(rig.dedupe.has('a', 1)).toBe(true)
    expect(rig.dedupe.has('a', 2)).toBe(false)
    rig.dedupe.add('a', 2, 0)
    expect(rig.reads).toHaveLength(1)
  })

  it('freezes at the weight and at the age it is given', () => {
    const rig = createRig({ maxHotWeight: 3 })
    rig.dedupe.add('a', 1, 1_000)
    expect(rig.dedupe.freezeIsDue(1_000)).toBe(false)
    expect(rig.dedupe.freezeIsDue(1_000 + MAX_HOT_MS)).toBe(true)
    rig.dedupe.add('a', 5, 1_000)
    expect(rig.dedupe.freezeIsDue(1_000)).toBe(true)
  })

  it('does not take a thawed session for one that waits long', () => {
    const rig = createRig()
    rig.dedupe.add('a', 1, 0)
    rig.tick(MAX_HOT_MS)
    expect(rig.dedupe.has('a', 1)).toBe(true)
    expect(rig.dedupe.freezeIsDue(MAX_HOT_MS)).toBe(false)
    rig.dedupe.add('b', 1, 20 * HOUR_MS)
    expect(rig.dedupe.freezeIsDue(20 * HOUR_MS)).toBe(false)
  })

  it('does not grow with sessions that are only looked for, as when no commit succeeds', () => {
    const rig = createRig({ maxHotWeight: 10 })
    for (let i = 0; i < 1_000; i++) expect(rig.dedupe.has(`session${i}`, 1)).toBe(false)
    expect(rig.dedupe.size().hot).toBe(20)
    rig.dedupe.add('session999', 1, 0)
    expect(rig.dedupe.has('session999', 1)).toBe(true)
  })

  it('remembers 80 hours after the last use, then lets go of memory and rows', () => {
    const rig = createRig()
    rig.dedupe.add('a', 1, 0)
    rig.tick(MAX_HOT_MS)
    rig.tick(MAX_HOT_MS + REMEMBER_MS)
    expect(rig.dedupe.has('a', 1)).toBe(true)
    const other = createRig()
    other.dedupe.add('a', 1, 0)
    other.tick(MAX_HOT_MS)
    expect(other.tick(MAX_HOT_MS + REMEMBER_MS + 1).plan.expired).toHaveLength(1)
    expect(other.dedupe.has('a', 1)).toBe(false)
    expect(other.rows.size).toBe(0)
  })

  it('forgets the oldest early rather than grow without bound, and says so', () => {
    const rig = createRig({ maxHotWeight: 10, maxColdSessions: 25 })
    let forgotten = 0
    for (let i = 0; i < 100; i++) {
      rig.dedupe.add(`session${i}`, 1, i)
      if (i % 10 === 9) forgotten += rig.tick(i).plan.forgottenEarly
      expect(rig.dedupe.size().cold).toBeLessThanOrEqual(25)
    }
    expect(forgotten).toBe(80)
    expect(rig.dedupe.has('session99', 1)).toBe(true)
  })
})
