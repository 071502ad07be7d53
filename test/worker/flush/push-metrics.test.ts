import { expect, it } from 'vitest'
import type { PushOutcome } from '../../../worker/delivery/delivery.ts'
import { EMPTY_TALLY, type PushTally } from '../../../worker/delivery/tally.ts'
import { createPushMetrics, exportsKey, type PushMetrics } from '../../../worker/flush/push-metrics.ts'
import { createSelfCounts } from '../../../worker/model/self-counts.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'

/** What is counted, as `name value value`, and what is told the operator. */
function counted(run: (metrics: PushMetrics) => void): [Record<string, unknown>, unknown[]] {
  const counts = createSelfCounts()
  const errors: unknown[] = []
  run(createPushMetrics({ counts }, (_, error) => errors.push(error)))
  const shown = [...counts.deltas].map(([key, delta]) => {
    const { name, attributes } = parseSeriesKey(key)
    // Attributes of a series are sorted by name, else one series would have two keys.
    expect(attributes.map(([name]) => name)).toEqual(attributes.map(([name]) => name).toSorted())
    return [[name, ...attributes.map(([, value]) => value)].join(' '), Array.isArray(delta) ? delta[0] : delta.sum[0]]
  })
  return [Object.fromEntries(shown) as Record<string, unknown>, errors]
}

const tally: PushTally = {
  durationMs: 250,
  requests: { accepted: 2, retry: 1, refused: 0 },
  errors: { 503: 1 },
  bytes: 70,
  rejected: 3,
  error: '503: down',
}
const ofTally = {
  'pharos.exports main accepted': 2,
  'pharos.exports main retry': 1,
  'pharos.export_errors main 503': 1,
  'pharos.export_bytes main': 70,
  'pharos.export_dropped main rejected': 3,
}

it.each<[PushOutcome, PushTally, Record<string, number>, unknown[]]>([
  ['partly', tally, { ...ofTally, 'pharos.export_duration main': 0.25 }, ['503: down']],
  ['accepted', EMPTY_TALLY, { 'pharos.export_duration main': 0 }, []],
  ['skipped', EMPTY_TALLY, { 'pharos.exports main skipped': 1 }, []],
])('a push that is %s counts its tally', (...[outcome, given, expected, errors]) => {
  const [shown, told] = counted((metrics) => metrics.pushed('main', outcome, given))
  expect(shown).toEqual(Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, value || undefined])))
  expect(told).toEqual(errors)
})

it.each([
  ['in_doubt', 2, { 'pharos.export_dropped main in_doubt': 2 }],
  ['removed', 0, {}],
] as const)('a drop is counted under its reason: %s, %i points', (reason, points, expected) => {
  expect(counted((metrics) => metrics.dropped('main', reason, points))[0]).toEqual(expected)
})

it('the status reads the series that a push counts', () => {
  const counts = createSelfCounts()
  createPushMetrics({ counts }, () => undefined).pushed('main', 'accepted', tally)
  expect(counts.deltas.get(exportsKey('main', 'accepted'))).toEqual([2])
})
