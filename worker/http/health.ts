import type { Result } from '../../src/protocol/result.ts'
import type { AggregatorApi, DestinationHealth } from '../aggregate/types.ts'
import type { Config } from '../config/types.ts'
import { logError } from '../log.ts'

/** The body of `GET /health`. Public, so it names no address and no secret. */
export interface Health {
  /** 'failing': beacons are taken, and a destination does not get its totals. 'down': beacons are not taken. */
  readonly status: 'ok' | 'failing' | 'down'
  /** The mistakes in the configuration, each as a path and what to do. */
  readonly configuration: readonly string[]
  readonly destinations: readonly DestinationHealth[]
}

export interface HealthPorts {
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: Pick<AggregatorApi, 'health'>
}

/** `GET /health`: 200 as long as beacons are taken, else 503. */
export async function answerHealth({ config, aggregator }: HealthPorts): Promise<Response> {
  const health = config.ok
    ? await ask(aggregator)
    : { status: 'down' as const, configuration: config.error, destinations: [] }
  return Response.json(health, {
    status: health.status === 'down' ? 503 : 200,
    headers: { 'cache-control': 'no-store' },
  })
}

async function ask(aggregator: Pick<AggregatorApi, 'health'>): Promise<Health> {
  try {
    const destinations = await aggregator.health()
    const isFailing = destinations.some(({ state }) => state === 'failing' || state === 'misconfigured')
    return { status: isFailing ? 'failing' : 'ok', configuration: [], destinations }
  } catch (error) {
    logError('health check failed', error)
    return { status: 'down', configuration: [], destinations: [] }
  }
}
