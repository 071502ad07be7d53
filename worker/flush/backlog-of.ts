import type { DestinationGroup } from '../config/types.ts'

/** The backlog of a delta destination: its own, or the one that its failover group shares. */
export function backlogOf(destination: string, groups: readonly DestinationGroup[]): string {
  const group = groups.find(({ destinations }) => destinations.includes(destination))
  return group?.strategy === 'failover' ? `failover:${group.name}` : destination
}
