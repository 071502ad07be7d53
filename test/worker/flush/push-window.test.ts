import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../worker/state/change.ts'
import { MAX_DEAD_LETTERS } from '../../../worker/state/dead-letters.ts'
import type { Series, SeriesKey, Snapshot } from '../../../worker/model/types.ts'
import { INTERVAL_MS, startFlushing, type Flushing } from './flushing.ts'
import { key, withStorage, type Point } from '../aggregator/rig.ts'
import { createWindowReceiver, type Fate, type WindowReceiver } from './window-receiver.ts'

const clicks = key('clicks')

const totalOf = ({ rig }: Flushing, of = clicks): unknown => rig.state.totals.get(of)?.total

const valueIn = ({ windows }: WindowReceiver, of = clicks): unknown =>
  windows.at(-1)?.snapshot.series.find((it) => it.key === of)?.total

const sorted = ({ series, ...times }: Snapshot): unknown => ({
  ...times,
  series: series.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
})

const counted = ({ flusher }: Flushing, name: string): unknown[] =>
  flusher()
    .snapshot()
    .series.filter(({ series }) => series.name === name)
    .map(({ series, total }) => [...series.attributes.map(([, value]) => value), ...(total as number[])])

describe('a window', () => {
  it('holds what was counted since the one before, and nothing twice', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      await flushing.flush()
      expect(valueIn(receiver)).toEqual([5])
      flushing.count(3)
      await flushing.flush()
      expect(valueIn(receiver)).toEqual([3])
      await flushing.flush()
      expect(valueIn(receiver)).toBeUndefined()
      const [first, second] = receiver.windows.map(({ snapshot }) => snapshot)
      expect(second!.previousMs).toBe(first!.timeMs)
      expect(totalOf(flushing)).toEqual([8])
    }))

  it('in doubt goes out again as it was, before anything newer', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.fate = () => 'lost'
      await flushing.flush()
      flushing.count(3)
      await flushing.flush()
      const [first, again] = receiver.windows
      expect(receiver.windows).toHaveLength(2)
      expect(sorted(again!.snapshot)).toEqual(sorted(first!.snapshot))
      expect(again!.inDoubt?.length).toBeGreaterThan(0)
      receiver.fate = () => 'stored'
      await flushing.flush()
      expect(receiver.windows).toHaveLength(4)
      expect(receiver.total(clicks)).toBe(8)
    }))

  it('that a restart cut off is in doubt as a whole', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      const { promise: never } = Promise.withResolvers<never>()
      const deliver = receiver.deliver
      Object.assign(receiver, { deliver: (window: never) => (receiver.windows.push(window), never) })
      const flushed = flushing.flush()
      flushing.rig.fire()
      await flushed
      flushing.restart()
      Object.assign(receiver, { deliver })
      await flushing.flush()
      const [first, again] = receiver.windows
      expect(again!.inDoubt).toBe('unknown')
      expect(again!.snapshot).toEqual(first!.snapshot)
      expect(receiver.total(clicks)).toBe(5)
    }))

  it('that was certainly not stored goes into the next, over a restart too', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.fate = () => 'busy'
      await flushing.flush()
      flushing.restart()
      flushing.count(3)
      receiver.fate = () => 'stored'
      await flushing.flush()
      expect(valueIn(receiver)).toEqual([8])
      const [first, second] = receiver.windows.map(({ snapshot }) => snapshot)
      expect(second!.previousMs).toBe(first!.previousMs)
    }))

  it('is kept while the destination skips its turn', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.says = { outcome: 'skipped' }
      await flushing.flush()
      receiver.says = undefined
      await flushing.flush()
      expect(receiver.total(clicks)).toBe(5)
    }))

  it('in doubt for longer than the receiver takes it is given up, and counted', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a', { maxAgeMs: 2 * INTERVAL_MS })
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.fate = () => 'lost'
      for (let i = 0; i < 3; i++) await flushing.flush()
      receiver.fate = () => 'stored'
      flushing.count(3)
      await flushing.flush()
      expect(receiver.total(clicks)).toBe(3)
      const [[destination, reason, points]] = counted(flushing, 'pharos.export_dropped') as [[string, string, number]]
      expect([destination, reason]).toEqual(['a', 'in_doubt'])
      expect(points).toBeGreaterThan(0)
    }))

  it('waits for a later second where the receiver counts in seconds', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a', { resolutionMs: 10 * INTERVAL_MS })
      const flushing = startFlushing(storage, [receiver])
      for (let i = 0; i < 25; i++) {
        flushing.count()
        await flushing.flush()
      }
      const steps = receiver.windows.map(({ snapshot }) => Math.floor(snapshot.timeMs / (10 * INTERVAL_MS)))
      expect(new Set(steps).size).toBe(steps.length)
      expect(steps.length).toBeGreaterThanOrEqual(2)
    }))

  it('holds only what its destination takes', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [{ ...receiver, accepts: ({ name }: Series) => name === 'clicks' }])
      flushing.count(1, [
        [clicks, [1]],
        [key('views'), [1]],
      ])
      await flushing.flush()
      expect(receiver.windows[0]!.snapshot.series.map(({ series }) => series.name)).toEqual(['clicks'])
      expect(flushing.rig.state.backlogs.holds(key('views'))).toBe(false)
    }))

  it('keeps a series from being forgotten while it waits', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.count(5)
      receiver.fate = () => 'busy'
      for (let i = 0; i < 10; i++) await flushing.flush()
      expect(totalOf(flushing)).toEqual([5])
      receiver.fate = () => 'stored'
      await flushing.flush()
      await flushing.flush()
      expect(totalOf(flushing)).toBeUndefined()
      expect(receiver.total(clicks)).toBe(5)
    }))

  it('begins with the destination, and what waits ends with it, counted', () =>
    withStorage(async (storage) => {
      const flushing = startFlushing(storage, [])
      flushing.count(5)
      await flushing.flush()
      const receiver = createWindowReceiver('a')
      flushing.setUp([receiver])
      flushing.count(3)
      await flushing.flush()
      expect(receiver.total(clicks)).toBe(3)
      flushing.count(2)
      flushing.setUp([])
      expect(flushing.rig.state.backlogs.names()).toEqual([])
      expect(counted(flushing, 'pharos.export_dropped')).toMatchObject([['a', 'removed', expect.any(Number)]])
    }))
})

describe('dead letters', () => {
  it('hold what was refused for good, are offered again, and then counted once', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      receiver.fate = () => 'refused'
      for (let i = 0; i < 2; i++) {
        flushing.count(5)
        await flushing.flush()
      }
      flushing.restart()
      const { deadLetters } = flushing.flusher()
      expect(deadLetters.list('a').find((one) => one.key === clicks)).toMatchObject({
        destination: 'a',
        reason: '400: bad',
        delta: [10],
      })
      receiver.fate = () => 'stored'
      expect(deadLetters.replay('a', [clicks, clicks, 'unknown'])).toBe(1)
      await flushing.flush()
      expect(receiver.total(clicks)).toBe(10)
      expect(deadLetters.list('a').some((one) => one.key === clicks)).toBe(false)
    }))

  it('are bounded: what comes when they are full is counted as dropped', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      const limit = MAX_DEAD_LETTERS
      const many = Array.from({ length: limit }, (_, i) => putLetter(`["counter","x${i}"]`))
      flushing.rig.log.commit(many)
      flushing.count(5)
      receiver.fate = () => 'refused'
      await flushing.flush()
      await flushing.flush()
      expect(flushing.rig.state.deadLetters.of('a').size).toBe(limit)
      expect(counted(flushing, 'pharos.export_dropped')).toMatchObject([['a', 'dead_letter_limit', expect.any(Number)]])
    }))

  const putLetter = (key: SeriesKey): Change => {
    const deadLetter = { reason: 'no', timeMs: 1, delta: [1] }
    return { type: 'deadLetter', destination: 'a', key, deadLetter }
  }

  it('that are discarded are counted', () =>
    withStorage(async (storage) => {
      const receiver = createWindowReceiver('a')
      const flushing = startFlushing(storage, [receiver])
      flushing.rig.log.commit([putLetter(clicks)])
      expect(flushing.flusher().deadLetters.discard('a')).toBe(1)
      flushing.rig.log.commit()
      expect(counted(flushing, 'pharos.export_dropped')).toEqual([['a', 'given_up', 1]])
      expect(flushing.flusher().deadLetters.list()).toEqual([])
    }))
})

describe('a failover group of delta destinations', () => {
  it('delivers everything once, to one or the other', () =>
    withStorage(async (storage) => {
      const [first, second] = [createWindowReceiver('first'), createWindowReceiver('second')]
      const flushing = startFlushing(storage, [])
      const group = { name: 'both', strategy: 'failover', least: 1, destinations: ['first', 'second'] } as const
      flushing.setUp([first, second], [group])
      flushing.count(5)
      await flushing.flush()
      first.says = { outcome: 'skipped' }
      flushing.count(3)
      await flushing.flush()
      first.says = undefined
      flushing.count(2)
      await flushing.flush()
      expect([first.total(clicks), second.total(clicks)]).toEqual([7, 3])
    }))
})

describe('whatever happens', () => {
  const fates: readonly Fate[] = ['stored', 'answer lost', 'lost', 'busy']
  const step = fc.oneof(
    fc.record({ do: fc.constant('count' as const), pages: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }) }),
    fc.record({ do: fc.constant('flush' as const), fates: fc.array(fc.constantFrom(...fates), { maxLength: 6 }) }),
    fc.constant({ do: 'restart' as const }),
  )

  it('a receiver that takes a point once has counted exactly what was counted', () =>
    withStorage(async (storage) => {
      let tables = 0
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          storage.sql.exec('DROP TABLE IF EXISTS log; DROP TABLE IF EXISTS snapshot; DROP TABLE IF EXISTS head')
          tables++
          const receiver = createWindowReceiver('a')
          const flushing = startFlushing(storage, [receiver])
          const expected = new Map<string, number>()
          for (const one of steps) {
            if (one.do === 'restart') flushing.restart()
            else if (one.do === 'count') {
              const pages = [...new Set(one.pages)]
              for (const page of pages) expected.set(page.toString(), (expected.get(page.toString()) ?? 0) + 1)
              flushing.count(
                1,
                pages.map((page): Point => [key('clicks', String(page)), [1]]),
              )
            } else {
              const fates = [...one.fates]
              receiver.fate = () => fates.shift() ?? 'stored'
              await flushing.flush()
            }
          }
          receiver.fate = () => 'stored'
          await flushing.flush()
          await flushing.flush()
          const found = [...expected.keys()].map((page) => [page, receiver.total(key('clicks', page))])
          expect(found).toEqual([...expected])
          expect(flushing.rig.errors).toEqual([])
        }),
        { numRuns: 100 },
      )
      expect(tables).toBeGreaterThan(0)
    }))
})
