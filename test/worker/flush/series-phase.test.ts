import { describe, expect, it } from 'vitest'
import type { FlushMark } from '../../../worker/state/change.ts'
import {
  nextMark,
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
  introduced: [],
  ended: [],
  ...state,
})

const mark = (acceptedMs: number, reachedMs = acceptedMs): FlushMark => ({
  sinceMs: 1,
  flushedMs: reachedMs,
  acceptedMs,
  reachedMs,
})
const marks = new Map([
  ['a', mark(2_000)],
  ['b', mark(2_000)],
])
const all = { members: ['a', 'b'], need: 2 }
const rules: FlushRules = {
  nowMs: 61_000,
  groups: [all],
  accepts: () => true,
  isWaiting: () => false,
  staleAfterMs: 60_000,
  marks,
}
const both = ['a', 'b']

describe('the phase of a series at destination a', () => {
  it.each<[string, Partial<KeptSeries>, Partial<FlushRules>, string | undefined]>([
    ['not introduced', {}, {}, 'new'],
    ['introduced elsewhere only', { introduced: ['b'] }, {}, 'new'],
    ['changed lately', { introduced: both, changedMs: 1_001 }, {}, 'live'],
    ['idle, and every total arrived', { introduced: both }, {}, 'ending'],
    ['idle, but never introduced at b', { introduced: ['a'] }, {}, 'live'],
    [
      'idle, but b did not get the last total',
      { introduced: both },
      { marks: new Map([...marks, ['b', mark(900)]]) },
      'live',
    ],
    [
      'idle, but b got it only in the same ms',
      { introduced: both },
      { marks: new Map([...marks, ['b', mark(1_000)]]) },
      'live',
    ],
    ['idle, b takes only parts', { introduced: both }, { marks: new Map([...marks, ['b', mark(900, 5_000)]]) }, 'live'],
    [
      'idle, b takes only parts for long',
      { introduced: both },
      { marks: new Map([...marks, ['b', mark(900, 182_000)]]) },
      'ending',
    ],
    ['idle, but a delta destination waits for it', { introduced: both }, { isWaiting: () => true }, 'live'],
    ['idle, b not introduced, and one is enough', { introduced: ['a'] }, { groups: [{ ...all, need: 1 }] }, 'ending'],
    ['idle, and b does not take it at all', { introduced: ['a'] }, { accepts: (name) => name === 'a' }, 'ending'],
    ['ended here', { introduced: both, ended: ['a'] }, {}, undefined],
    ['ended elsewhere', { introduced: both, ended: ['b'] }, {}, 'ending'],
  ])('%s', (...[, state, changed, phase]) => {
    expect(phaseOf(series(state), 'a', { ...rules, ...changed })).toBe(phase)
  })
})

describe('removal', () => {
  const keys = (state: Partial<KeptSeries>, changed: Partial<FlushRules> = {}): number =>
    removable([series(state)], { ...rules, ...changed }).length
  it('waits for every destination', () => {
    expect(keys({ introduced: both, ended: ['a'] })).toBe(0)
    expect(keys({ introduced: both, ended: both })).toBe(1)
  })
  it('needs no destination where there is none', () => {
    expect(keys({}, { groups: [] })).toBe(1)
    expect(keys({ changedMs: 1_001 }, { groups: [] })).toBe(0)
  })
  it('waits for as many as a group needs', () => {
    expect(keys({ introduced: both, ended: ['b'] }, { groups: [{ ...all, need: 1 }] })).toBe(1)
  })
})

describe('flush times', () => {
  it('strictly increase, with room for a zero between, whatever the clock does', () => {
    const first = nextMark(undefined, 5_000)
    expect(first).toEqual({ sinceMs: 5_000, flushedMs: 5_000, acceptedMs: 0, reachedMs: 0 })
    expect(nextMark(first, 5_000).flushedMs).toBe(5_002)
    expect(nextMark(first, 1_000).flushedMs).toBe(5_002)
    expect(nextMark(first, 9_000).flushedMs).toBe(9_000)
    expect(zeroTimeMs(undefined, { nowMs: 5_000, flushIntervalMs: 400 })).toBe(4_600)
    expect(zeroTimeMs(first, { nowMs: 9_000, flushIntervalMs: 400 })).toBe(5_001)
    expect(zeroTimeMs(first, { nowMs: 9_000_000, flushIntervalMs: 400 })).toBe(8_999_600)
  })
})

it('plans every series that is not over and that the destination takes', () => {
  const all = [series({}), series({ introduced: both, ended: ['a'] })]
  expect(planSeries(all, 'a', rules).map(({ phase }) => phase)).toEqual(['new'])
  expect(planSeries(all, 'a', { ...rules, accepts: () => false })).toEqual([])
})
