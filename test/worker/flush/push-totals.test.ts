import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryOf, type Delivery } from '../../../worker/delivery/delivery.ts'
import { MAX_DEAD_LETTERS } from '../../../worker/state/dead-letters.ts'
import type { SeriesKey, Snapshot } from '../../../worker/model/types.ts'
import type { Change } from '../../../worker/state/change.ts'
import { key, withStorage } from '../aggregator/rig.ts'
import { acceptAll, createReceiver, down, keysIn, startFlushing, storeNothing, up, type Receiver } from './flushing.ts'

const [a, b] = [key('clicks', '/a'), key('clicks', '/b')]

/** Refuses these series for themselves, and takes the others. */
const refusing =
  (...refused: readonly SeriesKey[]) =>
  async (snapshot: Snapshot): Promise<Delivery> =>
    deliveryOf({
      accepted: new Set(snapshot.series.map((it) => it.key).filter((it) => !refused.includes(it))),
      refused: new Map(refused.map((it) => [it, '400: bad'])),
      unsettled: [],
    })

describe('a push of totals', () => {
  it('asks for values only after the zeros are in storage, at every flush, whatever the answers', () =>
    withStorage(async (storage) => {
      const answers = fc.record({ zeros: fc.boolean(), values: fc.boolean(), isCounted: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(fc.array(answers, { minLength: 1, maxLength: 6 }), async (flushes) => {
          for (const table of ['log', 'snapshot', 'head']) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`)
          const receiver = createReceiver('a')
          const { rig, flush, count, restart } = startFlushing(storage, [receiver])
          count(1, [[a, [1]]])
          let isSettled = false
          for (const one of flushes) {
            if (one.isCounted) count(1, [[a, [1]]])
            receiver.answers = {
              ...up,
              zeros: (snapshot) => {
                const { phase } = snapshot.series.find((it) => it.key === a)!
                expect(phase).toBe(isSettled ? 'live' : 'new')
                return one.zeros ? acceptAll(snapshot) : storeNothing(snapshot)
              },
              values: (snapshot) => {
                isSettled ||= one.zeros
                expect(rig.state.totals.get(a)!.zeroSentTo).toEqual(isSettled ? ['a'] : [])
                // A crash now must not forget the zero.
                restart()
                expect(rig.state.totals.get(a)!.zeroSentTo).toEqual(isSettled ? ['a'] : [])
                return one.values ? acceptAll(snapshot) : storeNothing(snapshot)
              },
            }
            await flush()
          }
          expect(rig.errors).toEqual([])
        }),
        { numRuns: 40 },
      )
    }))

  it.each<[string, Receiver['answers'], full: boolean, partial: boolean]>([
    ['takes everything', up, true, true],
    ['takes a part', { ...up, values: refusing(a) }, false, true],
    ['takes nothing', down, false, false],
    ['takes only zeros', { ...up, values: storeNothing }, false, false],
  ])('of a destination that %s moves its cursor so far', (...[, answers, full, partial]) =>
    withStorage(async (storage) => {
      const { rig, flush, count } = startFlushing(storage, [Object.assign(createReceiver('a'), { answers })])
      count(1, [[a, [1]]])
      await flush()
      const { lastMs, lastFullMs, lastPartialMs } = rig.state.cursors.get('a')!
      expect([lastFullMs === lastMs, lastPartialMs === lastMs]).toEqual([full, partial])
    }),
  )

  it('is skipped, and counted so, while the destination cannot begin', () =>
    withStorage(async (storage) => {
      const { rig, flush, count, flusher } = startFlushing(storage, [
        Object.assign(createReceiver('a'), { begin: () => undefined }),
      ])
      count()
      await flush()
      rig.log.commit()
      const outcomes = flusher()
        .snapshot()
        .series.filter(({ series }) => series.name === 'pharos.exports')
      expect(outcomes.map(({ series, total }) => [series.attributes[1]?.[1], total])).toEqual([['skipped', [1]]])
    }))
})

describe('dead letters of totals', () => {
  it('come with a refusal, stay with the same one, and go when everything is accepted', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count, restart } = startFlushing(storage, [receiver])
      const keys = (): SeriesKey[] => [...rig.state.deadLetters.of('a').keys()]
      count(1, [
        [a, [1]],
        [b, [1]],
      ])
      const steps: [Receiver['answers']['values'], SeriesKey[]][] = [
        [refusing(a), [a]],
        [refusing(a), [a]],
        [refusing(b), [a, b]],
        [storeNothing, [a, b]],
        [acceptAll, []],
      ]
      for (const [values, left] of steps) {
        receiver.answers = { ...up, values }
        await flush()
        restart()
        expect(keys()).toEqual(left)
      }
    }))

  it('are not written again for the same refusal', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count } = startFlushing(storage, [receiver])
      const commits: (readonly Change[])[] = []
      const { commit } = rig.log
      Object.assign(rig.log, { commit: (changes: readonly Change[] = []) => (commits.push(changes), commit(changes)) })
      count(1, [[a, [1]]])
      receiver.answers = { ...up, values: refusing(a) }
      for (let i = 0; i < 3; i++) await flush()
      expect(commits.flat().filter(({ type }) => type === 'deadLetter')).toHaveLength(1)
    }))

  it('are bounded', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count } = startFlushing(storage, [receiver])
      const many = Array.from({ length: MAX_DEAD_LETTERS }, (_, i): Change => {
        const deadLetter = { reason: '400: bad', timeMs: 1 }
        return { type: 'deadLetter', destination: 'a', key: key('x', String(i)), deadLetter }
      })
      rig.log.commit(many)
      count(1, [[a, [1]]])
      receiver.answers = { ...up, values: refusing(a) }
      await flush()
      expect(rig.state.deadLetters.of('a').size).toBe(MAX_DEAD_LETTERS)
      expect(rig.state.deadLetters.has('a', a)).toBe(false)
    }))

  it('of an ending series need a refusal of its last value too', () =>
    withStorage(async (storage) => {
      const receiver = createReceiver('a')
      const { rig, flush, count } = startFlushing(storage, [receiver])
      count(1, [[a, [1]]])
      for (let i = 0; i < 10 && keysIn(receiver.snapshots.at(-1) ?? EMPTY, 'ending').length === 0; i++) {
        receiver.answers = {
          ...up,
          values: (snapshot) => (keysIn(snapshot, 'ending').includes(a) ? refusing(a)(snapshot) : acceptAll(snapshot)),
        }
        await flush()
      }
      expect(rig.state.totals.get(a)?.endSentTo).toEqual(['a'])
      expect(rig.state.deadLetters.of('a').size).toBe(0)
    }))
})

const EMPTY: Snapshot = { temporality: 'cumulative', timeMs: 0, previousMs: 0, series: [] }
