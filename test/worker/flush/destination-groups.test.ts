import { describe, expect, it } from 'vitest'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import { flushGroups, groupsOf, groupState } from '../../../worker/flush/destination-groups.ts'
import { testDestination } from '../../contract/snapshots.ts'

const groupOf = (
  strategy: DestinationGroup['strategy'],
  destinations: readonly string[],
  least = 1,
): DestinationGroup => ({ name: destinations.join(''), strategy, destinations, least })

describe('groupsOf', () => {
  it('keeps what is enabled, and gives the others a group of their own', () => {
    const destinations = ['a', 'b', 'c', 'd', 'off'].map((name) => testDestination({ name, enabled: name !== 'off' }))
    const groups = [groupOf('failover', ['a', 'off', 'b']), groupOf('all', ['off'])]
    expect(groupsOf({ destinations, groups })).toEqual([
      { name: 'aoffb', strategy: 'failover', least: 1, destinations: ['a', 'b'] },
      { name: 'c', strategy: 'all', least: 1, destinations: ['c'] },
      { name: 'd', strategy: 'all', least: 1, destinations: ['d'] },
    ])
  })
})

describe('groupState', () => {
  const states = { o: 'ok', f: 'failing', m: 'misconfigured', u: 'unknown' } as const

  it.each([
    ['all', 'oo', 1, 'ok'],
    ['all', 'of', 1, 'failing'],
    ['all', 'ou', 1, 'unknown'],
    ['all', 'uf', 1, 'failing'],
    ['all', 'om', 1, 'misconfigured'],
    ['failover', 'fo', 1, 'ok'],
    ['failover', 'mo', 1, 'ok'],
    ['failover', 'fu', 1, 'unknown'],
    ['failover', 'mf', 1, 'failing'],
    ['failover', 'mm', 1, 'misconfigured'],
    ['atLeast', 'oof', 2, 'ok'],
    ['atLeast', 'off', 2, 'failing'],
    ['atLeast', 'ouf', 2, 'unknown'],
    ['atLeast', 'omm', 2, 'misconfigured'],
  ] as const)('%s of %s with at least %i is %s', (...[strategy, members, least, expected]) => {
    const group = groupOf(strategy, Array.from(members), least)
    expect(groupState(group, (name) => states[name as keyof typeof states])).toBe(expected)
  })
})

describe('flushGroups', () => {
  const temporalities = new Map([
    ['total', { temporality: 'cumulative' }],
    ['other', { temporality: 'cumulative' }],
    ['delta', { temporality: 'delta' }],
  ] as const)

  it.each<[DestinationGroup, readonly string[], number]>([
    [groupOf('all', ['total', 'other', 'delta']), ['total', 'other'], 2],
    [groupOf('failover', ['total', 'other']), ['total', 'other'], 1],
    [groupOf('failover', ['delta', 'other']), ['other'], 0],
    [groupOf('failover', ['delta']), [], 0],
    [groupOf('atLeast', ['total', 'other'], 2), ['total', 'other'], 2],
    [groupOf('atLeast', ['total', 'other', 'delta'], 2), ['total', 'other'], 1],
  ])('%j needs of its cumulative members %j %i', (one, members, need) => {
    expect(flushGroups([one], temporalities)).toEqual([{ members, need }])
  })
})
