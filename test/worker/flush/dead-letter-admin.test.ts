import { describe, expect, it } from 'vitest'
import type { SeriesKey } from '../../../worker/model/types.ts'
import type { Change } from '../../../worker/state/change.ts'
import { key, withStorage } from '../aggregator/rig.ts'
import { createReceiver, startFlushing, type Flushing } from './flushing.ts'
import { createWindowReceiver } from './window-receiver.ts'

const [a, b] = [key('a'), key('b')]

const letter = (destination: string, of: SeriesKey, timeMs: number): Change => {
  const delta = destination === 'delta' ? { delta: [timeMs] } : {}
  return { type: 'deadLetter', destination, key: of, deadLetter: { reason: '400: bad', timeMs, ...delta } }
}

/** Two dead letters of a delta destination, and one of a cumulative one. */
const withLetters = (run: (flushing: Flushing) => void): Promise<void> =>
  withStorage((storage) => {
    const flushing = startFlushing(storage, [createWindowReceiver('delta'), createReceiver('total')])
    flushing.rig.log.commit([letter('delta', a, 3), letter('delta', b, 1), letter('total', a, 2)])
    run(flushing)
  })

const dropped = ({ flusher }: Flushing): unknown =>
  flusher()
    .snapshot()
    .series.find(({ series }) => series.name === 'pharos.export_dropped')?.total

describe('the list', () => {
  it.each([
    [undefined, [1, 2, 3]],
    ['delta', [1, 3]],
    ['total', [2]],
    ['unknown', []],
  ])('of %s is by its time, the oldest first', (destination, times) =>
    withLetters(({ flusher }) => {
      const listed = flusher().deadLetters.list(destination)
      expect(listed.map(({ timeMs }) => timeMs)).toEqual(times)
      for (const one of listed) expect(one).toMatchObject({ reason: '400: bad', series: { service: 'shop' } })
    }),
  )
})

it.each<[string, SeriesKey[] | undefined, number, pending: SeriesKey[], left: number]>([
  ['delta', undefined, 2, [a, b], 1],
  ['delta', [a, a, 'unknown'], 1, [a], 2],
  ['delta', [], 0, [], 3],
  ['total', undefined, 1, [], 2],
  ['unknown', [a], 0, [], 3],
])('a replay of %s %j offers %i again, over a restart too', (...[destination, keys, count, pending, left]) =>
  withLetters((flushing) => {
    expect(flushing.flusher().deadLetters.replay(destination, keys)).toBe(count)
    flushing.restart()
    expect([...flushing.rig.state.backlogs.pending('delta').keys()].filter((it) => it === a || it === b)).toEqual(
      pending,
    )
    expect(flushing.flusher().deadLetters.list()).toHaveLength(left)
    expect(dropped(flushing)).toBeUndefined()
  }),
)

it.each<[string, SeriesKey[] | undefined, number, lost: number | undefined, left: number]>([
  ['delta', undefined, 2, 2, 1],
  ['delta', [b, b], 1, 1, 2],
  ['total', undefined, 1, undefined, 2],
  ['unknown', undefined, 0, undefined, 3],
])('a discard of %s %j removes %i, and counts those with a delta', (...[destination, keys, count, lost, left]) =>
  withLetters((flushing) => {
    expect(flushing.flusher().deadLetters.discard(destination, keys)).toBe(count)
    flushing.rig.log.commit()
    expect(dropped(flushing)).toEqual(lost === undefined ? undefined : [lost])
    expect(flushing.rig.state.backlogs.pending('delta').has(a)).toBe(false)
    flushing.restart()
    expect(flushing.flusher().deadLetters.list()).toHaveLength(left)
  }),
)
