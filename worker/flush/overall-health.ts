import type { AggregatorHealth, DestinationHealth } from '../model/aggregator-api.ts'
import { groupState } from './destination-groups.ts'
import type { EffectiveConfig } from './effective-config.ts'

/**
 * How the object is: 'failing' when a group does not have what it needs, or a part of the configuration does not hold.
 * @param refused the parts of the configuration that do not hold, as `/health` names them
 */
export function overallHealth(
  { setup, resolved }: Pick<EffectiveConfig, 'setup' | 'resolved'>,
  refused: readonly string[],
): AggregatorHealth {
  const { destinations, groups } = setup
  const enabled = new Set(groups.flatMap((group) => group.destinations))
  const healths = destinations.filter(({ name }) => enabled.has(name)).map((one) => one.health())
  const states = new Map(healths.map(({ name, state }) => [name, state]))
  const ofGroups = groups.map((group) => groupState(group, (name) => states.get(name) ?? 'unknown'))
  const isFailing =
    refused.length > 0 ||
    resolved.mistakes.length > 0 ||
    ofGroups.some((state) => state === 'failing' || state === 'misconfigured')
  const misconfigured = refused.map((name): DestinationHealth => ({
    name,
    state: 'misconfigured',
    consecutiveFailures: 0,
  }))
  return {
    status: isFailing ? 'failing' : 'ok',
    configuration: resolved.mistakes,
    destinations: [...misconfigured, ...healths],
  }
}
