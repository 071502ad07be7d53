import { expect, it } from 'vitest'
import { flushGroups, trackOf } from '../../../worker/flush/backlog-of.ts'
import type { DestinationGroup } from '../../../worker/config/types.ts'

const group = (
  strategy: DestinationGroup['strategy'],
  destinations: readonly string[],
  least = 1,
): DestinationGroup => ({
  name: 'g',
  strategy,
  least,
  destinations,
})

it.each<[DestinationGroup['strategy'], string]>([
  ['all', 'a'],
  ['atLeast', 'a'],
  ['failover', 'failover:g'],
])('in a group "%s" a destination counts on %s', (strategy, track) => {
  expect(trackOf('a', [group(strategy, ['b', 'a'])])).toBe(track)
})

const destinations = new Map([
  ['total', { temporality: 'cumulative' }],
  ['other', { temporality: 'cumulative' }],
  ['delta', { temporality: 'delta' }],
] as const)

it.each<[DestinationGroup, readonly string[], number]>([
  [group('all', ['total', 'other', 'delta']), ['total', 'other'], 2],
  [group('failover', ['total', 'other']), ['total', 'other'], 1],
  [group('failover', ['delta', 'other']), ['other'], 0],
  [group('failover', ['delta']), [], 0],
  [group('atLeast', ['total', 'other'], 2), ['total', 'other'], 2],
  [group('atLeast', ['total', 'other', 'delta'], 2), ['total', 'other'], 1],
])('%j needs of its cumulative members %j %i', (one, members, need) => {
  expect(flushGroups([one], destinations)).toEqual([{ members, need }])
})
