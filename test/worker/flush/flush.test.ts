import { describe, expect, it } from 'vitest'
import {
  acceptAll,
  accepted,
  createReceiver,
  down,
  INTERVAL_MS,
  keysIn,
  STALE_MS,
  startFlushing,
  storeNothing,
  up,
} from './flushing.ts'
import type { Flushing, Receiver } from './flushing.ts'
import { key, totalsOf, withStorage } from '../aggregator/rig.ts'

const clicks = key('clicks')

const seen = (receiver: Receiver): unknown => {
  const { series } = receiver.snapshots.at(-1)!
  const found = series.find((it) => it.key === clicks)
  return found && [found.phase, found.total]
}

/** Lets every push that can go on go on. */
const pushesDone = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('a flush', () => {
  it('shows a series as new until its zero is settled, then as live', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count } = startFlushing(storage, [receiver])
      count(5)
      receiver.answers = down
      await flush()
      expect(seen(receiver)).toEqual(['new', [5]])
      receiver.answers = { ...up, values: storeNothing }
      await flush()
      expect(seen(receiver)).toEqual(['new', [5]])
      receiver.answers = up
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
      receiver.answers = {
        ...up,
        zeros: (snapshot) => (rowsAt.push(rows()), acceptAll(snapshot)),
        values: (snapshot) => (rowsAt.push(rows()), storeNothing(snapshot)),
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
      const asked: string[] = []
      receiver.answers = {
        ...up,
        zeros: (snapshot) => {
          asked.push('zeros')
          storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
          return acceptAll(snapshot)
        },
        values: (snapshot) => (asked.push('values'), acceptAll(snapshot)),
      }
      await flush()
      expect(asked).toEqual(['zeros'])
      expect(String(rig.errors)).toContain('disk full')
      await expect(flush()).rejects.toThrow('disk full')
      expect(receiver.snapshots).toHaveLength(1)
      storage.sql.exec('DROP TRIGGER broken')
      receiver.answers = up
      await flush()
      expect(seen(receiver)).toEqual(['new', [1]])
      expect(rig.errors).toHaveLength(1)
    }))

  it('delays no destination because of another, and has one push in flight at each', () =>
    withStorage(async (storage) => {
      const [slow, quick] = [createReceiver('slow'), createReceiver('quick')]
      const { rig, flush, count } = startFlushing(storage, [slow, quick])
      const { promise, resolve } = Promise.withResolvers<void>()
      slow.answers = { ...up, zeros: (snapshot) => promise.then(() => acceptAll(snapshot)) }
      count()
      for (let i = 0; i < 3; i++) {
        const flushed = flush()
        while (quick.snapshots.length <= i) await Promise.resolve()
        await pushesDone()
        rig.fire()
        await flushed
      }
      expect([slow.snapshots.length, quick.snapshots.length]).toEqual([1, 3])
      resolve()
      await pushesDone()
      await flush()
      expect(slow.snapshots).toHaveLength(2)
    }))

  it('hands out totals that do not change while they are sent', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { flush, count } = startFlushing(storage, [receiver])
      count(2)
      receiver.answers = { ...up, zeros: (snapshot) => (count(7), storeNothing(snapshot)) }
      await flush()
      // The count fired the timer of the flush as well, so the push may still run.
      await pushesDone()
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
      expect(rig.state.totals.get(clicks)).toMatchObject({ endSentTo: ['a'] })
      restart()
      await flush()
      expect(seen(receiver)).toBeUndefined()
      expect(rig.state.totals.has(clicks)).toBe(false)
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
      const [working, broken] = [createReceiver('working'), createReceiver('broken')]
      const flushing = startFlushing(storage, [working, broken])
      flushing.count(5)
      await flushing.flush()
      flushing.count(3)
      broken.answers = down
      await idle(flushing)
      expect([seen(working), seen(broken)]).toEqual([
        ['live', [8]],
        ['live', [8]],
      ])
      broken.answers = working.answers
      await flushing.flush()
      await flushing.flush()
      expect([seen(working), seen(broken)]).toEqual([
        ['ending', [8]],
        ['ending', [8]],
      ])
      await flushing.flush()
      expect(flushing.rig.state.totals.has(clicks)).toBe(false)
    }))

  it('that is counted again while its end is on the way goes on from its total', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.answers = {
        ...up,
        values: (snapshot) => {
          if (keysIn(snapshot, 'ending').includes(clicks)) flushing.count()
          return acceptAll(snapshot)
        },
      }
      await idle(flushing)
      receiver.answers = up
      await flushing.flush()
      expect(seen(receiver)).toEqual(['live', [6]])
    }))

  it('begins again when one destination has settled its end and another has not', () =>
    withStorage(async (storage) => {
      const [a, b] = [createReceiver('a'), createReceiver('b')]
      const flushing = startFlushing(storage, [a, b])
      flushing.count(5)
      b.answers = { ...up, values: async (snapshot) => accepted(keysIn(snapshot, 'live')) }
      await idle(flushing)
      expect(flushing.rig.state.totals.get(clicks)).toMatchObject({ endSentTo: ['a'] })
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
      expect(totalsOf(flushing.rig.state)).toEqual({})
      expect(flushing.rig.state.cardinality.size()).toBe(0)
    }))
})

describe('self metrics', () => {
  it('tell how exports went, how far they lag and how many series there are', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { flush, count, flusher } = startFlushing(storage, [receiver])
      count()
      await flush()
      receiver.answers = down
      await flush()
      await flush()
      const { series } = flusher().snapshot()
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
      expect([...after.rig.state.cursors.keys()]).toEqual(['b'])
      expect(after.rig.state.totals.get(clicks)).toMatchObject({ zeroSentTo: ['b'] })
    }))
})
