import { describe, expect, it } from 'vitest'
import type { Change } from '../../../worker/state/change.ts'
import { createDeltaTracks, type DeltaTracks } from '../../../worker/state/backlog.ts'
import { key } from '../aggregator/rig.ts'

const [a, b, gauge] = [key('a'), key('b'), key('g', '/', 'gauge')]

const opened = (): DeltaTracks => {
  const tracks = createDeltaTracks()
  tracks.open('t', 1_000)
  return tracks
}

const rebuilt = (changes: Iterable<Change>): DeltaTracks => {
  const tracks = createDeltaTracks()
  for (const change of changes) {
    if (change[0] === 'track') tracks.open(change[1], change[2])
    if (change[0] === 'pending') tracks.addTo(change[1], change[2], change[3])
    if (change[0] === 'frozen') tracks.restoreFrozen(change[1], change[2], change[3])
    if (change[0] === 'frozen-series') tracks.restoreFrozenSeries(change[1], change[2], [change[3], change[4]])
  }
  return tracks
}

describe('a track', () => {
  it('adds up what waits, and freezes it with the gauges of that moment', () => {
    const tracks = opened()
    tracks.add(a, [1])
    tracks.add(a, [2])
    tracks.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    tracks.add(a, [5])
    expect(tracks.frozen('t', 'd')).toEqual({
      startMs: 1_000,
      timeMs: 2_000,
      deltas: new Map([
        [a, [3]],
        [gauge, [7]],
      ]),
    })
    expect(tracks.pending('t')).toEqual(new Map([[a, [5]]]))
  })

  it('takes back what was certainly not stored, gauges apart, and begins where that began', () => {
    const tracks = opened()
    tracks.add(a, [1])
    tracks.add(b, [1])
    tracks.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    tracks.add(b, [5])
    tracks.settle('t', 'd', { doubt: [], back: [1, 2] })
    expect(tracks.pending('t')).toEqual(new Map([[b, [6]]]))
    tracks.freeze('t', 'd', { timeMs: 3_000, gauges: [] })
    expect(tracks.frozen('t', 'd')).toMatchObject({ startMs: 1_000, timeMs: 3_000 })
  })

  it('keeps what is in doubt as it was, and knows its requests apart', () => {
    const tracks = opened()
    for (const one of [a, b]) tracks.add(one, [1])
    tracks.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    tracks.settle('t', 'd', {
      doubt: [
        [2, 1],
        [0, 1],
      ],
      back: [],
    })
    expect(tracks.frozen('t', 'd')).toEqual({
      startMs: 1_000,
      timeMs: 2_000,
      deltas: new Map([
        [gauge, [7]],
        [a, [1]],
      ]),
      doubt: [
        [0, 1],
        [1, 1],
      ],
    })
    expect([a, b].map(tracks.holds)).toEqual([true, false])
    tracks.settle('t', 'd', { doubt: [], back: [] })
    expect(tracks.frozen('t', 'd')).toBeUndefined()
  })

  it('is rebuilt by its changes', () => {
    const tracks = opened()
    for (const one of [a, b]) tracks.add(one, [1])
    tracks.freeze('t', 'd', { timeMs: 2_000, gauges: [] })
    tracks.settle('t', 'd', { doubt: [[1, 1]], back: [0, 1] })
    tracks.add(b, [4])
    const copy = rebuilt(tracks.changes())
    expect([...copy.changes()]).toEqual([...tracks.changes()])
    expect(copy.frozen('t', 'd')).toEqual(tracks.frozen('t', 'd'))
  })

  it('that is closed holds nothing', () => {
    const tracks = opened()
    tracks.add(a, [1])
    tracks.close('t')
    expect([tracks.names(), tracks.holds(a), tracks.pending('t').size]).toEqual([[], false, 0])
  })
})
