import type { Result } from '../../src/protocol/result.ts'
import type { Env } from '../config/env.ts'
import type { Config } from '../config/types.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'

/** What the answer to a request needs of the worker. */
export interface Ports {
  /** As it was deployed, or every mistake in it. */
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: AggregatorApi
  /** Keeps a promise going after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

export type PortsOf = (env: Env, context: Pick<ExecutionContext, 'waitUntil'>) => Ports

export const createPorts =
  (readConfig: (env: Env) => Ports['config']): PortsOf =>
  (env, context) => ({
    config: readConfig(env),
    aggregator: aggregatorOf(env),
    waitUntil: (work) => context.waitUntil(work),
  })

/** One object holds all totals. The cast: workers-types turns the tuples inside a returned snapshot into arrays. */
export const aggregatorOf = (env: Env): AggregatorApi => env.AGGREGATOR.getByName('root') as unknown as AggregatorApi
