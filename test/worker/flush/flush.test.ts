import { describe, expect, it } from 'vitest'
import { createReceiver, down, INTERVAL_MS, keysIn, STALE_MS, startFlushing } from './flushing.ts'
import type { Flushing, Receiver } from './flushing.ts'
import { key, totalsOf, withStorage } from '../aggregator/rig.ts'

const clicks = key('clicks')

const seen = (receiver: Receiver): unknown => {
  const { series } = receiver.snapshots.at(-1)!
  const found = series.find((it) => it.key === clicks)
  return found && [found.phase, found.total]
}

describe('a flush', () => {
  it('shows a series as new until its zero is settled, then as live', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count } = startFlushing(storage, [receiver])
      count(5)
      receiver.answer = down
      await flush()
      expect(seen(receiver)).toEqual(['new', [5]])
      const accept = createReceiver('a').answer
      receiver.answer = async (snapshot, settle) => {
        await settle(keysIn(snapshot, 'new'))
        return { outcome: 'failed' }
      }
      await flush()
      expect(seen(receiver)).toEqual(['new', [5]])
      receiver.answer = accept
      count(3)
      await flush()
      expect(seen(receiver)).toEqual(['live', [8]])
      expect(rig.errors).toEqual([])
    }))

  it('commits its time before it sends, and the zeros before the values: no restart changes either', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count()
      const rowsAt: number[] = []
      const rows = (): number => storage.sql.exec<{ n: number }>('SELECT max(number) AS n FROM log').one().n
      receiver.answer = async (snapshot, settle) => {
        rowsAt.push(rows())
        await settle(keysIn(snapshot, 'new'))
        rowsAt.push(rows())
        return { outcome: 'failed' }
      }
      await flushing.flush()
      expect(rowsAt).toEqual([2, 3])
      flushing.restart()
      flushing.rig.nowMs -= 3 * INTERVAL_MS
      await flushing.flush()
      expect(seen(receiver)).toEqual(['live', [1]])
      const [first, second] = receiver.snapshots
      expect(second!.timeMs).toBeGreaterThan(first!.timeMs + 1)
      expect([first!.previousMs, second!.previousMs]).toEqual([first!.timeMs - INTERVAL_MS, first!.timeMs + 1])
    }))

  it('sends no value when the settled zeros could not be committed', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { flush, count, rig } = startFlushing(storage, [receiver])
      count()
      let refused: unknown
      receiver.answer = async (snapshot, settle) => {
        storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
        await settle(keysIn(snapshot, 'new')).catch((error: unknown) => (refused = error))
        return { outcome: 'failed' }
      }
      await flush()
      expect(String(refused)).toContain('disk full')
      await expect(flush()).rejects.toThrow('disk full')
      expect(receiver.snapshots).toHaveLength(1)
      storage.sql.exec('DROP TRIGGER broken')
      receiver.answer = createReceiver('a').answer
      await flush()
      expect(seen(receiver)).toEqual(['new', [1]])
      expect(rig.errors).toEqual([])
    }))

  it('delays no destination because of another, and has one push in flight at each', () =>
    withStorage(async (storage) => {
      const [slow, quick] = [createReceiver('slow'), createReceiver('quick')]
      const { rig, flush, count } = startFlushing(storage, [slow, quick])
      const { promise, resolve } = Promise.withResolvers<void>()
      slow.answer = () => promise.then(() => ({ outcome: 'accepted' }))
      count()
      for (let i = 0; i < 3; i++) {
        const flushed = flush()
        while (quick.snapshots.length <= i) await Promise.resolve()
        for (let turn = 0; turn < 20; turn++) await Promise.resolve()
        rig.fire()
        await flushed
      }
      expect([slow.snapshots.length, quick.snapshots.length]).toEqual([1, 3])
      resolve()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
      await flush()
      expect(slow.snapshots).toHaveLength(2)
    }))

  it('hands out totals that do not change while they are sent', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { flush, count } = startFlushing(storage, [receiver])
      count(2)
      receiver.answer = (snapshot) => {
        count(7)
        return Promise.resolve({ outcome: 'accepted', ended: keysIn(snapshot, 'ending') })
      }
      await flush()
      expect(seen(receiver)).toEqual(['new', [2]])
      await flush()
      expect(seen(receiver)).toEqual(['new', [9]])
    }))
})

describe('an idle series', () => {
  const idle = async ({ flush }: Flushing): Promise<void> => {
    for (let i = 0; i < STALE_MS / INTERVAL_MS; i++) await flush()
  }

  it('ends, is removed, and returns as new, from zero, later than its end', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      const { rig, count, flush, restart } = flushing
      count(5)
      await idle(flushing)
      expect(seen(receiver)).toEqual(['ending', [5]])
      expect(rig.ledger.totals.get(clicks)).toMatchObject({ ended: ['a'] })
      restart()
      await flush()
      expect(seen(receiver)).toBeUndefined()
      expect(rig.ledger.totals.has(clicks)).toBe(false)
      const endedMs = receiver.snapshots.at(-2)!.timeMs
      count(2)
      await flush()
      expect(seen(receiver)).toEqual(['new', [2]])
      expect(receiver.snapshots.at(-1)!.previousMs).toBeGreaterThan(endedMs)
      restart()
      await flush()
      expect(seen(receiver)).toEqual(['live', [2]])
    }))

  it('does not end anywhere before its last total is everywhere', () =>
    withStorage(async (storage) => {
      const [up, broken] = [createReceiver('up'), createReceiver('broken')]
      const flushing = startFlushing(storage, [up, broken])
      flushing.count(5)
      await flushing.flush()
      flushing.count(3)
      broken.answer = down
      await idle(flushing)
      expect([seen(up), seen(broken)]).toEqual([
        ['live', [8]],
        ['live', [8]],
      ])
      broken.answer = up.answer
      await flushing.flush()
      await flushing.flush()
      expect([seen(up), seen(broken)]).toEqual([
        ['ending', [8]],
        ['ending', [8]],
      ])
      await flushing.flush()
      expect(flushing.rig.ledger.totals.has(clicks)).toBe(false)
    }))

  it('that is counted again while its end is on the way goes on from its total', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      const accept = receiver.answer
      receiver.answer = (snapshot, settle) => {
        if (keysIn(snapshot, 'ending').includes(clicks)) flushing.count()
        return accept(snapshot, settle)
      }
      await idle(flushing)
      receiver.answer = accept
      await flushing.flush()
      expect(seen(receiver)).toEqual(['live', [6]])
    }))

  it('begins again when one destination has settled its end and another has not', () =>
    withStorage(async (storage) => {
      const [a, b] = [createReceiver('a'), createReceiver('b')]
      const flushing = startFlushing(storage, [a, b])
      flushing.count(5)
      const accept = b.answer
      b.answer = (snapshot, settle) => accept(snapshot, settle).then((report) => ({ ...report, ended: [] }))
      await idle(flushing)
      expect(flushing.rig.ledger.totals.get(clicks)).toMatchObject({ ended: ['a'] })
      flushing.count(2)
      await flushing.flush()
      expect([seen(a), seen(b)]).toEqual([
        ['new', [2]],
        ['new', [2]],
      ])
    }))

  it('is removed without destinations', () =>
    withStorage(async (storage) => {
      const flushing = startFlushing(storage, [])
      flushing.count(5)
      await idle(flushing)
      expect(totalsOf(flushing.rig.ledger)).toEqual({})
      expect(flushing.rig.ledger.cardinality.size()).toBe(0)
    }))
})

describe('self metrics', () => {
  it('tell how exports went, how far they lag and how many series there are', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { flush, count, exports } = startFlushing(storage, [receiver])
      count()
      await flush()
      receiver.answer = down
      await flush()
      await flush()
      const { series } = exports().snapshot()
      const found = (name: string): unknown[] =>
        series.filter((it) => it.series.name === name).map((it) => [it.series.attributes, it.total])
      expect(found('pharos.exports')).toEqual([
        [
          [
            ['destination', 'a'],
            ['outcome', 'accepted'],
          ],
          [2],
        ],
        [
          [
            ['destination', 'a'],
            ['outcome', 'retry'],
          ],
          [3],
        ],
      ])
      expect(found('pharos.export_lag')).toEqual([[[['destination', 'a']], [(2 * INTERVAL_MS) / 1_000]]])
      expect(found('pharos.series')).toEqual([[[], [series.length]]])
      expect(found('pharos.export_duration')).toMatchObject([[[['destination', 'a']], { zero: 0 }]])
    }))

  it('forget a destination that is gone', () =>
    withStorage(async (storage) => {
      const before = startFlushing(storage, [createReceiver('a')])
      before.count()
      await before.flush()
      const after = startFlushing(storage, [createReceiver('b')])
      await after.flush()
      expect([...after.rig.ledger.marks.keys()]).toEqual(['b'])
      expect(after.rig.ledger.totals.get(clicks)).toMatchObject({ introduced: ['b'] })
    }))
})
