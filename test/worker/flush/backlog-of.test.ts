import { expect, it } from 'vitest'
import { backlogOf } from '../../../worker/flush/backlog-of.ts'
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
])('in a group "%s" a destination has the backlog %s', (strategy, backlog) => {
  expect(backlogOf('a', [group(strategy, ['b', 'a'])])).toBe(backlog)
})
