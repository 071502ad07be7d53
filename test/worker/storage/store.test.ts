import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Generation } from '../../../worker/state/dedupe/cold-sessions.ts'
import { openStore, type Store } from '../../../worker/storage/store.ts'
import { rowsIn, withStorage } from '../aggregator/rig.ts'

const clear = ({ sql }: DurableObjectStorage): void => {
  sql.exec('DROP TABLE IF EXISTS log; DROP TABLE IF EXISTS snapshot; DROP TABLE IF EXISTS head')
  sql.exec('DROP TABLE IF EXISTS generation; DROP TABLE IF EXISTS cold')
}

const rows = fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 3 })
const step = fc.oneof(
  rows.map((it) => ({ do: 'append' as const, rows: it })),
  rows.map((it) => ({ do: 'snapshot' as const, rows: it })),
  fc.constant({ do: 'reopen' as const }),
)

describe('a store', () => {
  it('loads the latest snapshot and every later commit, in order, whatever was there before', () =>
    withStorage((storage) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          clear(storage)
          let store: Store = openStore(storage)
          let [snapshot, log]: string[][] = [[], []]
          for (const one of steps) {
            if (one.do === 'reopen') store = openStore(storage)
            else if (one.do === 'append') {
              store.append(one.rows)
              log!.push(...one.rows)
            } else {
              store.saveSnapshot({ rows: one.rows, frozen: undefined, expired: [] })
              ;[snapshot, log] = [[...one.rows], []]
            }
            expect([...store.load()]).toEqual([...snapshot!, ...log!])
          }
        }),
        { numRuns: 60 },
      )
    }))

  it.each<[string, { slots?: number; chars?: number }, string[][], boolean]>([
    ['nothing', { slots: 2 }, [], false],
    ['fewer rows than slots', { slots: 2 }, [['a']], false],
    ['as many rows as slots', { slots: 2 }, [['a'], ['b']], true],
    ['one commit of many rows', { slots: 2 }, [['a', 'b']], true],
    ['fewer characters', { chars: 4 }, [['abc']], false],
    ['as many characters', { chars: 4 }, [['ab'], ['cd']], true],
  ])('with %s says whether a snapshot is due, also when it is opened again', (...[, limits, commits, isDue]) =>
    withStorage((storage) => {
      const store = openStore(storage, limits)
      for (const commit of commits) store.append(commit)
      expect([store.snapshotIsDue(), openStore(storage, limits).snapshotIsDue()]).toEqual([isDue, isDue])
      store.saveSnapshot({ rows: ['s'], frozen: undefined, expired: [] })
      expect([store.snapshotIsDue(), openStore(storage, limits).snapshotIsDue()]).toEqual([false, false])
    }),
  )

  it('writes a commit of several rows whole or not at all', () =>
    withStorage((storage) => {
      const store = openStore(storage)
      store.append(['first'])
      storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON log WHEN NEW.body = 'third'
        BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
      expect(() => store.append(['second', 'third'])).toThrow('disk full')
      expect([...openStore(storage).load()]).toEqual(['first'])
      storage.sql.exec('DROP TRIGGER broken')
      store.append(['second', 'third'])
      expect([...openStore(storage).load()]).toEqual(['first', 'second', 'third'])
    }))

  it('keeps generations until they expire, each with its own rows', () =>
    withStorage((storage) => {
      const generationOf = (id: number): Generation => ({
        id,
        frozenMs: id,
        hashes: new Uint32Array([id, 9]),
        starts: [0],
      })
      const store = openStore(storage)
      for (const id of [1, 2]) {
        const frozen = { generation: generationOf(id), rows: [`cold ${id}`] }
        store.saveSnapshot({ rows: [], frozen, expired: [] })
      }
      expect(openStore(storage).loadGenerations()).toEqual([generationOf(1), generationOf(2)])
      expect([1, 2].map((id) => store.readColdRow(id, 0))).toEqual(['cold 1', 'cold 2'])
      store.saveSnapshot({ rows: [], frozen: undefined, expired: [generationOf(1)] })
      expect(openStore(storage).loadGenerations()).toEqual([generationOf(2)])
      expect(rowsIn(storage, 'cold')).toBe(1)
      expect(store.readColdRow(2, 0)).toBe('cold 2')
    }))
})
