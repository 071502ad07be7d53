import { describe, expect, it } from 'vitest'
import type { Change } from '../../../worker/state/change.ts'
import { createDeltaBacklogs, type DeltaBacklogs } from '../../../worker/state/backlog.ts'
import { key } from '../aggregator/rig.ts'

const [a, b, gauge] = [key('a'), key('b'), key('g', '/', 'gauge')]

const opened = (): DeltaBacklogs => {
  const backlogs = createDeltaBacklogs()
  backlogs.open('t', 1_000)
  return backlogs
}

const rebuilt = (changes: Iterable<Change>): DeltaBacklogs => {
  const backlogs = createDeltaBacklogs()
  for (const change of changes) {
    if (change.type === 'openBacklog') backlogs.open(change.backlog, change.sinceMs)
    if (change.type === 'pending') backlogs.addTo(change.backlog, change.key, change.delta)
    if (change.type === 'frozen') backlogs.restoreFrozen(change.backlog, change.destination, change.times)
    if (change.type === 'frozenSeries')
      backlogs.restoreFrozenSeries(change.backlog, change.destination, [change.key, change.delta])
  }
  return backlogs
}

describe('a backlog', () => {
  it('adds up what waits, and freezes it with the gauges of that moment', () => {
    const backlogs = opened()
    backlogs.add(a, [1])
    backlogs.add(a, [2])
    backlogs.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    backlogs.add(a, [5])
    expect(backlogs.frozen('t', 'd')).toEqual({
      startMs: 1_000,
      timeMs: 2_000,
      deltas: new Map([
        [a, [3]],
        [gauge, [7]],
      ]),
    })
    expect(backlogs.pending('t')).toEqual(new Map([[a, [5]]]))
  })

  it('takes back what was certainly not stored, gauges apart, and begins where that began', () => {
    const backlogs = opened()
    backlogs.add(a, [1])
    backlogs.add(b, [1])
    backlogs.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    backlogs.add(b, [5])
    backlogs.settle('t', 'd', { inDoubt: [], notStored: [1, 2] })
    expect(backlogs.pending('t')).toEqual(new Map([[b, [6]]]))
    backlogs.freeze('t', 'd', { timeMs: 3_000, gauges: [] })
    expect(backlogs.frozen('t', 'd')).toMatchObject({ startMs: 1_000, timeMs: 3_000 })
  })

  it('keeps what is in doubt as it was, and knows its requests apart', () => {
    const backlogs = opened()
    for (const one of [a, b]) backlogs.add(one, [1])
    backlogs.freeze('t', 'd', { timeMs: 2_000, gauges: [[gauge, [7]]] })
    backlogs.settle('t', 'd', {
      inDoubt: [
        [2, 1],
        [0, 1],
      ],
      notStored: [],
    })
    expect(backlogs.frozen('t', 'd')).toEqual({
      startMs: 1_000,
      timeMs: 2_000,
      deltas: new Map([
        [gauge, [7]],
        [a, [1]],
      ]),
      inDoubt: [
        [0, 1],
        [1, 1],
      ],
    })
    expect([a, b].map(backlogs.holds)).toEqual([true, false])
    backlogs.settle('t', 'd', { inDoubt: [], notStored: [] })
    expect(backlogs.frozen('t', 'd')).toBeUndefined()
  })

  it('is rebuilt by its changes', () => {
    const backlogs = opened()
    for (const one of [a, b]) backlogs.add(one, [1])
    backlogs.freeze('t', 'd', { timeMs: 2_000, gauges: [] })
    backlogs.settle('t', 'd', { inDoubt: [[1, 1]], notStored: [0, 1] })
    backlogs.add(b, [4])
    const copy = rebuilt(backlogs.changes())
    expect([...copy.changes()]).toEqual([...backlogs.changes()])
    expect(copy.frozen('t', 'd')).toEqual(backlogs.frozen('t', 'd'))
  })

  it('that is closed holds nothing', () => {
    const backlogs = opened()
    backlogs.add(a, [1])
    backlogs.close('t')
    expect([backlogs.names(), backlogs.holds(a), backlogs.pending('t').size]).toEqual([[], false, 0])
  })
})
