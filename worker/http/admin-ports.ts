import type { Result } from '../../src/protocol/result.ts'
import type { AggregatorApi } from '../aggregate/types.ts'
import type { Config } from '../config/types.ts'

/** What the admin routes need beside the request. */
export interface AdminPorts {
  /** As it was deployed. */
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: AggregatorApi
}
