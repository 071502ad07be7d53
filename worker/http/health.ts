import type { Result } from '../../src/protocol/result.ts'
import type { Config } from '../config/types.ts'
import { logError } from '../log.ts'
import type { AggregatorApi, AggregatorHealth } from '../model/aggregator-api.ts'
import { answerJson } from './answers.ts'

/** The body of `GET /health`. */
export interface Health extends Omit<AggregatorHealth, 'status'> {
  /** 'ok' and 'failing': the worker takes beacons. 'down': it does not. */
  readonly status: AggregatorHealth['status'] | 'down'
}

export interface HealthPorts {
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: Pick<AggregatorApi, 'health'>
}

/** `GET /health`: 200 as long as beacons are taken, else 503. */
export async function answerHealth({ config, aggregator }: HealthPorts): Promise<Response> {
  const health = config.ok ? await ask(aggregator) : down(config.error)
  return answerJson(health, health.status === 'down' ? 503 : 200)
}

async function ask(aggregator: HealthPorts['aggregator']): Promise<Health> {
  try {
    return await aggregator.health()
  } catch (error) {
    logError('health check failed', error)
    return down([])
  }
}

const down = (configuration: readonly string[]): Health => ({ status: 'down', configuration, destinations: [] })
