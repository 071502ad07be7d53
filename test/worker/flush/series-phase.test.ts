import { describe, expect, it } from 'vitest'
import type { FlushCursor } from '../../../worker/state/change.ts'
import {
  nextCursor,
  phaseOf,
  planSeries,
  removable,
  zeroTimeMs,
  type FlushRules,
} from '../../../worker/flush/series-phase.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import type { KeptSeries } from '../../../worker/state/totals.ts'
import { key } from '../aggregator/rig.ts'

const series = (state: Partial<KeptSeries>): KeptSeries => ({
  key: key('clicks'),
  series: parseSeriesKey(key('clicks')),
  total: [1],
  startMs: 0,
  changedMs: 1_000,
  zeroSentTo: [],
  endSentTo: [],
  ...state,
})

const cursor = (lastFullMs: number, lastPartialMs = lastFullMs): FlushCursor => ({
  firstMs: 1,
  lastMs: lastPartialMs,
  lastFullMs,
  lastPartialMs,
})
const cursors = new Map([
  ['a', cursor(2_000)],
  ['b', cursor(2_000)],
])
const all = { members: ['a', 'b'], need: 2 }
const rules: FlushRules = {
  nowMs: 61_000,
  groups: [all],
  accepts: () => true,
  isPending: () => false,
  staleAfterMs: 60_000,
  cursors,
}
const both = ['a', 'b']

describe('the phase of a series at destination a', () => {
  it.each<[string, Partial<KeptSeries>, Partial<FlushRules>, string | undefined]>([
    ['no zero anywhere', {}, {}, 'new'],
    ['a zero elsewhere only', { zeroSentTo: ['b'] }, {}, 'new'],
    ['changed lately', { zeroSentTo: both, changedMs: 1_001 }, {}, 'live'],
    ['idle, and every total arrived', { zeroSentTo: both }, {}, 'ending'],
    ['idle, but without a zero at b', { zeroSentTo: ['a'] }, {}, 'live'],
    [
      'idle, but b did not get the last total',
      { zeroSentTo: both },
      { cursors: new Map([...cursors, ['b', cursor(900)]]) },
      'live',
    ],
    [
      'idle, but b got it only in the same ms',
      { zeroSentTo: both },
      { cursors: new Map([...cursors, ['b', cursor(1_000)]]) },
      'live',
    ],
    [
      'idle, b takes only parts',
      { zeroSentTo: both },
      { cursors: new Map([...cursors, ['b', cursor(900, 5_000)]]) },
      'live',
    ],
    [
      'idle, b takes only parts for long',
      { zeroSentTo: both },
      { cursors: new Map([...cursors, ['b', cursor(900, 182_000)]]) },
      'ending',
    ],
    ['idle, but a delta destination waits for it', { zeroSentTo: both }, { isPending: () => true }, 'live'],
    [
      'idle, without a zero at b, and one is enough',
      { zeroSentTo: ['a'] },
      { groups: [{ ...all, need: 1 }] },
      'ending',
    ],
    ['idle, and b does not take it at all', { zeroSentTo: ['a'] }, { accepts: (name) => name === 'a' }, 'ending'],
    ['ended here', { zeroSentTo: both, endSentTo: ['a'] }, {}, undefined],
    ['ended elsewhere', { zeroSentTo: both, endSentTo: ['b'] }, {}, 'ending'],
  ])('%s', (...[, state, changed, phase]) => {
    expect(phaseOf(series(state), 'a', { ...rules, ...changed })).toBe(phase)
  })
})

describe('removal', () => {
  const keys = (state: Partial<KeptSeries>, changed: Partial<FlushRules> = {}): number =>
    removable([series(state)], { ...rules, ...changed }).length
  it('waits for every destination', () => {
    expect(keys({ zeroSentTo: both, endSentTo: ['a'] })).toBe(0)
    expect(keys({ zeroSentTo: both, endSentTo: both })).toBe(1)
  })
  it('needs no destination where there is none', () => {
    expect(keys({}, { groups: [] })).toBe(1)
    expect(keys({ changedMs: 1_001 }, { groups: [] })).toBe(0)
  })
  it('waits for as many as a group needs', () => {
    expect(keys({ zeroSentTo: both, endSentTo: ['b'] }, { groups: [{ ...all, need: 1 }] })).toBe(1)
  })
})

describe('flush times', () => {
  it('strictly increase, with room for a zero between, whatever the clock does', () => {
    const first = nextCursor(undefined, 5_000)
    expect(first).toEqual({ firstMs: 5_000, lastMs: 5_000, lastFullMs: 0, lastPartialMs: 0 })
    expect(nextCursor(first, 5_000).lastMs).toBe(5_002)
    expect(nextCursor(first, 1_000).lastMs).toBe(5_002)
    expect(nextCursor(first, 9_000).lastMs).toBe(9_000)
    expect(zeroTimeMs(undefined, { nowMs: 5_000, flushIntervalMs: 400 })).toBe(4_600)
    expect(zeroTimeMs(first, { nowMs: 9_000, flushIntervalMs: 400 })).toBe(5_001)
    expect(zeroTimeMs(first, { nowMs: 9_000_000, flushIntervalMs: 400 })).toBe(8_999_600)
  })
})

it('plans every series that is not over and that the destination takes', () => {
  const all = [series({}), series({ zeroSentTo: both, endSentTo: ['a'] })]
  expect(planSeries(all, 'a', rules).map(({ phase }) => phase)).toEqual(['new'])
  expect(planSeries(all, 'a', { ...rules, accepts: () => false })).toEqual([])
})
