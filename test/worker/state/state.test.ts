import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCardinality } from '../../../worker/state/cardinality.ts'
import type { Change } from '../../../worker/state/change.ts'
import { decodeChange } from '../../../worker/state/decode-change.ts'
import { createDedupe } from '../../../worker/state/dedupe/dedupe.ts'
import { createState, type State } from '../../../worker/state/state.ts'
import type { StoredChange } from '../../../worker/state/stored-change.ts'
import { createTotals } from '../../../worker/state/totals.ts'
import { packRows, unpackRow } from '../../../worker/storage/log-rows.ts'
import { key, totalsOf } from '../aggregator/rig.ts'
import { clicks, ROWS_OF_0_1, timing } from './rows-of-0.1.ts'

const open = (): State =>
  createState({
    totals: createTotals(),
    dedupe: createDedupe({ seed: 1, generations: [], readRow: () => '[]' }),
    cardinality: createCardinality({ maxSeries: 1_000, maxSeriesPerMetric: 100, maxMetrics: 100 }),
  })

const after = (changes: Iterable<Change>): State => {
  const state = open()
  for (const change of changes) state.apply(change)
  return state
}

/** Everything that a restart must bring back, as plain data. */
const shown = (state: State): unknown => ({
  totals: totalsOf(state),
  series: state.cardinality.size(),
  cursors: [...state.cursors],
  backlogs: [...state.backlogs.changes()],
  deadLetters: [...state.deadLetters.changes()],
  override: state.override(),
  nowMs: state.nowMs(),
})

const seriesKeys = fc.constantFrom('/a', '/b', '/c').map((page) => key('clicks', page))
const destinations = fc.constantFrom('d', 'e')
const ms = fc.integer({ min: 1, max: 1_000 })
const delta = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 1 })
const cursor = fc.record({ firstMs: ms, lastMs: ms, lastFullMs: ms, lastPartialMs: ms })
const deadLetter = fc.record({ reason: fc.constantFrom('no', '400: bad'), timeMs: ms, delta })
const runs = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 1 }).map((indexes) => indexes.flatMap((i) => [i, 1]))

const opened: Change[] = [
  { type: 'openBacklog', backlog: 't', sinceMs: 1 },
  { type: 'add', key: key('clicks', '/a'), delta: [1] },
  { type: 'add', key: key('clicks', '/b'), delta: [1] },
  { type: 'freeze', backlog: 't', destination: 'd', timeMs: 2, gauges: [] },
  ...['d', 'e'].flatMap((destination): Change[] => [
    { type: 'flush', destination, cursor: { firstMs: 1, lastMs: 1, lastFullMs: 1, lastPartialMs: 1 } },
    { type: 'zeroSent', destination, key: key('clicks', '/a') },
    { type: 'deadLetter', destination, key: key('clicks', '/a'), deadLetter: { reason: 'no', timeMs: 1, delta: [1] } },
  ]),
]

const of = <T extends Change['type']>(
  type: T,
  rest: { [K in Exclude<keyof Extract<Change, { type: T }>, 'type'>]: fc.Arbitrary<Extract<Change, { type: T }>[K]> },
): fc.Arbitrary<Change> => fc.record({ type: fc.constant(type), ...rest }) as unknown as fc.Arbitrary<Change>

const change: fc.Arbitrary<Change> = fc.oneof(
  of('at', { timeMs: ms }),
  of('add', { key: seriesKeys, delta }),
  of('flush', { destination: destinations, cursor }),
  of('zeroSent', { destination: destinations, key: seriesKeys }),
  of('endSent', { destination: destinations, key: seriesKeys }),
  of('removeSeries', { key: seriesKeys }),
  of('forgetDestination', { destination: destinations }),
  of('pending', { backlog: fc.constantFrom('t', 'closed'), key: seriesKeys, delta }),
  of('openBacklog', { backlog: fc.constant('u'), sinceMs: ms }),
  of('closeBacklog', { backlog: fc.constant('u') }),
  of('freeze', { backlog: fc.constant('t'), destination: destinations, timeMs: ms, gauges: fc.constant([]) }),
  of('settle', {
    backlog: fc.constantFrom('t', 'closed'),
    destination: fc.constant('d'),
    settlement: fc.record({ inDoubt: fc.constant([]), notStored: runs }),
  }),
  of('deadLetter', { destination: destinations, key: seriesKeys, deadLetter }),
  of('deadLettersRemoved', { destination: destinations, keys: fc.array(seriesKeys, { maxLength: 2 }) }),
  of('override', { override: fc.constantFrom(null, { flushIntervalMs: 5_000 }) }),
)

describe('the state', () => {
  // A settle can only name series of its window, so it comes first, while both series are in there.
  const changes = fc.array(change, { maxLength: 40 }).map((rest) => {
    const settles = rest.filter(({ type }) => type === 'settle').slice(0, 1)
    return [...opened, ...settles, ...rest.filter(({ type }) => type !== 'settle')]
  })

  it('is rebuilt by its log, and by its own changes, through storage', () => {
    fc.assert(
      fc.property(changes, (log) => {
        const state = after(log)
        expect(shown(after(packRows(log).flatMap(unpackRow)))).toEqual(shown(state))
        expect(shown(after(packRows(state.changes()).flatMap(unpackRow)))).toEqual(shown(state))
      }),
      { numRuns: 300 },
    )
  })

  it('has a clock that never goes back', () => {
    fc.assert(
      fc.property(changes, (log) => {
        const state = open()
        for (const one of log) {
          const before = state.nowMs()
          state.apply(one)
          expect(state.nowMs()).toBeGreaterThanOrEqual(before)
        }
      }),
    )
  })

  it.each<[string, Change, (state: State) => unknown, unknown]>([
    [
      'counts a series after a flush as changed after it',
      { type: 'flush', destination: 'd', cursor: { firstMs: 1, lastMs: 900, lastFullMs: 0, lastPartialMs: 0 } },
      (state) => (state.apply({ type: 'add', key: clicks, delta: [1] }), state.totals.get(clicks)?.changedMs),
      900,
    ],
    [
      'gives back the place of a series that is removed',
      { type: 'removeSeries', key: key('clicks', '/a') },
      (state) => state.cardinality.size(),
      1,
    ],
    [
      'forgets everything that is settled at a destination that is gone, and its dead letters',
      { type: 'forgetDestination', destination: 'e' },
      (state) => [
        state.cursors.has('e'),
        state.totals.get(key('clicks', '/a'))?.zeroSentTo,
        state.deadLetters.destinations(),
      ],
      [false, ['d'], ['d']],
    ],
    [
      'ignores the window of a backlog that was closed',
      { type: 'closeBacklog', backlog: 't' },
      (state) => state.backlogs.frozen('t', 'd'),
      undefined,
    ],
  ])('%s', (...[, one, read, expected]) => {
    expect(read(after([...opened, one]))).toEqual(expected)
  })
})

describe('a log of version 0.1', () => {
  const texts = ROWS_OF_0_1.map(([text]) => text)
  const upTo = (tag: string): State =>
    after(
      texts
        .slice(0, texts.findIndex((text) => text.startsWith(`["${tag}"`)) + 1)
        .map((text) => decodeChange(JSON.parse(text) as StoredChange)),
    )

  it.each<[string, (state: State) => unknown, unknown]>([
    ['session', (state) => [2, 4].map((sequence) => state.dedupe.has('old-session', sequence)), [true, false]],
    ['introduced', (state) => state.totals.get(clicks)?.zeroSentTo, ['a']],
    ['ended', (state) => state.totals.get(clicks)?.endSentTo, ['b', 'a']],
    ['flush', (state) => state.cursors.get('a'), { firstMs: 1, lastMs: 4, lastFullMs: 3, lastPartialMs: 2 }],
    ['remove', (state) => state.totals.has(clicks), false],
    ['forget', (state) => [...state.cursors], []],
    ['pending', (state) => [...state.backlogs.pending('t').keys()], [timing]],
    ['freeze', (state) => state.backlogs.frozen('t', 'd')?.deltas.size, 2],
    ['settle', (state) => [...state.backlogs.frozen('t', 'd')!.deltas.keys()], [timing]],
    ['frozen-series', (state) => state.backlogs.frozen('t', 'd')?.inDoubt, [[0, 1]]],
    ['untrack', (state) => state.backlogs.names(), []],
    ['letter', (state) => state.deadLetters.of('d').get(timing)?.reason, '400: bad'],
    ['unletter', (state) => state.deadLetters.of('d').size, 0],
    ['override', (state) => state.override(), { flushIntervalMs: 5 }],
  ])('is replayed up to "%s"', (tag, read, expected) => {
    expect(read(upTo(tag))).toEqual(expected)
  })
})
