import type { DestinationGroup } from '../config/types.ts'
import type { Destination } from '../delivery/types.ts'
import type { FlushGroup } from './series-phase.ts'

/** Where what a delta destination has not yet taken is kept: its own track, or that of its failover group, which shares one. */
export function trackOf(destination: string, groups: readonly DestinationGroup[]): string {
  const group = groups.find(({ destinations }) => destinations.includes(destination))
  return group?.strategy === 'failover' ? `failover:${group.name}` : destination
}

/** The groups as far as they are cumulative, and how many of each must have what is counted. */
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
