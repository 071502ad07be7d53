import type { AggregatorApi } from '../model/aggregator-api.ts'

/** The bindings of the worker. Secrets are further strings, read by name. */
export interface Env {
  readonly AGGREGATOR: DurableObjectNamespace<Rpc.DurableObjectBranded & AggregatorApi>
  /** The configuration: JSON, checked by config/read-config.ts. */
  readonly PHAROS?: unknown
  /** Bearer token for `GET /metrics`. */
  readonly METRICS_TOKEN?: string
  /** Bearer token for the admin routes, at least 16 characters; without it they refuse every request. */
  readonly ADMIN_TOKEN?: string
  readonly [secret: string]: unknown
}
