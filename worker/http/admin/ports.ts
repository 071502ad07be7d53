import type { Result } from '../../../src/protocol/result.ts'
import type { AggregatorApi } from '../../model/aggregator-api.ts'
import type { Config } from '../../config/types.ts'

/** The ports that the admin routes need. */
export interface AdminPorts {
  /** As it was deployed. */
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: AggregatorApi
}
