/** The worker, ready to deploy, and the parts to build one's own. */
import { script as built } from '#script'
import { createWorker } from './http/create-worker.ts'
import type { Script } from './model/script-file.ts'

export { Aggregator } from './aggregator/aggregator.ts'
export { catalogConfig } from './config/catalog.ts'
export { defaultConfig } from './config/default-config.ts'
export type { Env } from './config/env.ts'
export { readConfig } from './config/read-config.ts'
export { createWorker, type WorkerOptions } from './http/create-worker.ts'
export type { Script, ScriptFile } from './model/script-file.ts'
export { clearMemory, readMemory } from './delivery/transports/memory.ts'
export type { Row } from './destinations/shared/rows.ts'
export type {
  AggregatorApi,
  AggregatorStatus,
  DeadLetter,
  DestinationHealth,
  DestinationStatus,
} from './model/aggregator-api.ts'
export type { MappingRule, Route } from './model/destination-settings.ts'
export type { DestinationConfig, DestinationKind } from './destinations/index.ts'
export type { Config, DestinationGroup } from './config/types.ts'
export type { MetricMetadata } from './model/metric-metadata.ts'
export type { SeriesLimits } from './model/series-limits.ts'

/** The page's script of this build, as `createWorker` wants it. */
export const script: Script = built

const worker: ReturnType<typeof createWorker> = createWorker({ script })

export default worker
