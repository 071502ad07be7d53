import { expect, it } from 'vitest'
import type { DestinationGroup } from '../../../worker/config/types.ts'
import { groupsOf } from '../../../worker/flush/destination-groups.ts'
import { overallHealth } from '../../../worker/flush/overall-health.ts'
import type { DestinationHealth } from '../../../worker/model/aggregator-api.ts'
import { testConfig, testDestination } from '../../contract/snapshots.ts'
import { createReceiver } from './flushing.ts'

type States = Readonly<Record<string, DestinationHealth['state']>>

const healthOf = (name: string, state: DestinationHealth['state']): DestinationHealth => ({
  name,
  state,
  consecutiveFailures: 0,
})

/** The health of destinations a, b and c, of which c is off, in a group of the first two. */
function ask(strategy: DestinationGroup['strategy'] | 'none', states: States, mistakes: readonly string[] = []) {
  const names = ['a', 'b', 'c']
  const groups = strategy === 'none' ? [] : [{ name: 'g', strategy, least: 1, destinations: ['a', 'b'] }]
  const config = testConfig({
    groups,
    destinations: names.map((name) => testDestination({ name, enabled: name !== 'c' })),
  })
  const destinations = names.map((name) => ({
    ...createReceiver(name),
    health: () => healthOf(name, states[name] ?? 'failing'),
  }))
  const resolved = { effective: config, override: undefined, mistakes }
  return (refused: readonly string[]) =>
    overallHealth({ setup: { config, destinations, groups: groupsOf(config) }, resolved }, refused)
}

it.each<[DestinationGroup['strategy'] | 'none', States, string]>([
  ['all', { a: 'ok', b: 'ok' }, 'ok'],
  ['all', { a: 'ok', b: 'failing' }, 'failing'],
  ['failover', { a: 'failing', b: 'ok' }, 'ok'],
  ['failover', { a: 'misconfigured', b: 'unknown' }, 'ok'],
  ['failover', { a: 'failing', b: 'failing' }, 'failing'],
  ['atLeast', { a: 'failing', b: 'ok' }, 'ok'],
  ['none', { a: 'ok', b: 'failing' }, 'failing'],
  ['none', { a: 'ok', b: 'misconfigured' }, 'failing'],
  ['none', { a: 'ok', b: 'unknown' }, 'ok'],
])('a group "%s" of %j is %s, whatever a destination that is off says', (strategy, states, status) => {
  expect(ask(strategy, states)([])).toEqual({
    status,
    configuration: [],
    destinations: Object.entries(states).map(([name, state]) => healthOf(name, state)),
  })
})

it('a part of the configuration that does not hold is failing, and says why', () => {
  const states: States = { a: 'ok', b: 'ok' }
  const mistakes = ['override.destinations.gone: remove this key']
  expect(ask('all', states, mistakes)([])).toMatchObject({ status: 'failing', configuration: mistakes })
  expect(ask('all', states)(['runtime_configuration'])).toMatchObject({
    status: 'failing',
    destinations: [healthOf('runtime_configuration', 'misconfigured'), {}, {}],
  })
})
