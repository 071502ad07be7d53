import type { Config, DestinationGroup } from '../config/types.ts'
import type { Destination } from '../delivery/destination-api.ts'
import type { DestinationHealth } from '../model/aggregator-api.ts'
import type { FlushGroup } from './series-phase.ts'

type State = DestinationHealth['state']

/** The groups of the enabled destinations. A destination that is in no group is a group of its own. */
export function groupsOf({
  groups,
  destinations,
}: Pick<Config, 'groups' | 'destinations'>): readonly DestinationGroup[] {
  const enabled = destinations.filter((destination) => destination.enabled).map(({ name }) => name)
  const isEnabled = new Set(enabled)
  const grouped = new Set(groups.flatMap((group) => group.destinations))
  return [
    ...groups
      .map((group) => ({ ...group, destinations: group.destinations.filter((name) => isEnabled.has(name)) }))
      .filter((group) => group.destinations.length > 0),
    ...enabled
      .filter((name) => !grouped.has(name))
      .map((name) => ({ name, strategy: 'all' as const, least: 1, destinations: [name] })),
  ]
}

/** The cumulative members of each group, and how many of them must have everything that is counted. */
export const flushGroups = (
  groups: readonly DestinationGroup[],
  destinations: ReadonlyMap<string, Pick<Destination, 'temporality'>>,
): FlushGroup[] =>
  groups.map(({ strategy, least, destinations: names }) => {
    const members = names.filter((name) => destinations.get(name)?.temporality === 'cumulative')
    const others = names.length - members.length
    const need = { all: members.length, atLeast: Math.max(0, least - others), failover: others > 0 ? 0 : 1 }[strategy]
    return { members, need: Math.min(need, members.length) }
  })

/** How many members must have everything that is counted. */
export function neededOf({ strategy, least, destinations }: DestinationGroup): number {
  if (strategy === 'atLeast') return least
  return strategy === 'failover' ? Math.min(1, destinations.length) : destinations.length
}

/** 'ok' when as many members as the group needs are, 'unknown' when they still may become so. */
export function groupState(group: DestinationGroup, stateOf: (name: string) => State): State {
  const states = group.destinations.map(stateOf)
  const count = (...wanted: readonly State[]): number => states.filter((state) => wanted.includes(state)).length
  const needed = neededOf(group)
  if (count('ok') >= needed) return 'ok'
  if (count('ok', 'unknown') >= needed) return 'unknown'
  return count('ok', 'unknown', 'failing') >= needed ? 'failing' : 'misconfigured'
}
