import type { Result } from '../../src/protocol/result.ts'
import type { AggregatorApi, DestinationHealth } from '../model/aggregator-api.ts'
import type { Config } from '../config/types.ts'
import { resolveOverride } from '../config/override.ts'
import { groupsOf, groupState } from '../flush/groups.ts'
import { logError } from '../log.ts'
import { answerJson } from './answers.ts'

/** The body of `GET /health`. Public, so it names no address and no secret. */
export interface Health {
  /**
   * 'failing': beacons are taken, and a destination, or a group as a whole, does not get its totals, or what was configured does
   * not hold. 'down': beacons are not taken.
   */
  readonly status: 'ok' | 'failing' | 'down'
  /** The mistakes in the configuration, each as a path and what to do. */
  readonly configuration: readonly string[]
  readonly destinations: readonly DestinationHealth[]
}

export interface HealthPorts {
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: Pick<AggregatorApi, 'health' | 'override'>
}

/** `GET /health`: 200 as long as beacons are taken, else 503. */
export async function answerHealth({ config, aggregator }: HealthPorts): Promise<Response> {
  const health = config.ok
    ? await ask(config.value, aggregator)
    : { status: 'down' as const, configuration: config.error, destinations: [] }
  return answerJson(health, health.status === 'down' ? 503 : 200)
}

async function ask(config: Config, aggregator: HealthPorts['aggregator']): Promise<Health> {
  try {
    const [destinations, override] = await Promise.all([aggregator.health(), aggregator.override()])
    const { effective, mistakes: configuration } = resolveOverride(config, override)
    const isFailing = configuration.length > 0 || isAnyFailing(effective, destinations)
    return { status: isFailing ? 'failing' : 'ok', configuration, destinations }
  } catch (error) {
    logError('health check failed', error)
    return { status: 'down', configuration: [], destinations: [] }
  }
}

/** Whether a group has not what it needs; a destination that is in no group is a group of its own. */
function isAnyFailing(config: Config, destinations: readonly DestinationHealth[]): boolean {
  const states = new Map(destinations.map(({ name, state }) => [name, state]))
  const known = new Set(config.destinations.map(({ name }) => name))
  const ofGroups = groupsOf(config).map((group) => groupState(group, (name) => states.get(name) ?? 'unknown'))
  const ofOthers = destinations.filter(({ name }) => !known.has(name)).map(({ state }) => state)
  return [...ofGroups, ...ofOthers].some((state) => state === 'failing' || state === 'misconfigured')
}
