/** The worker, ready to deploy, and the parts to build one's own. */
import { script as built } from '#script'
import { createWorker } from './create-worker.ts'
import type { Script } from './model/script-file.ts'

export { Aggregator } from './aggregator/aggregator.ts'
export { catalogConfig } from './config/catalog.ts'
export { defaultConfig } from './config/default-config.ts'
export type { Env } from './config/env.ts'
export { readConfig } from './config/read-config.ts'
export { createWorker, type PharosWorker, type WorkerOptions } from './create-worker.ts'
export type { Script, ScriptFile } from './model/script-file.ts'
export { clearMemory, readMemory } from './delivery/transports/memory.ts'

// The parts of a destination of one's own: docs/EXPORTERS.md, "Your own destination".
export { countOf } from '../src/protocol/histogram.ts'
export { roundExact } from '../src/protocol/exact-sum.ts'
export type { ExactSum, Histogram } from '../src/protocol/types.ts'
export { defineDestination } from './destinations/define-destination.ts'
export { packRequests, type Packable, type PackLimits } from './destinations/shared/pack.ts'
export { groupBy, mergeSeries, type OutputSeries } from './destinations/shared/merge-series.ts'
export { createRowsExporter, type RowsOptions } from './destinations/shared/rows-exporter.ts'
export type { HistogramRow, KeyedRow, NumberRow, Row } from './destinations/shared/rows.ts'
export { statusReader } from './destinations/shared/status-reader.ts'
export { encodeUtf8 } from './destinations/shared/utf8.ts'
export type { DestinationDefinition, DestinationDocs } from './model/destination-definition.ts'
export type { DestinationSpec } from './model/destination-spec.ts'
export type { ExportContext } from './model/export-context.ts'
export type { StandardSchema } from './model/standard-schema.ts'
export type {
  Answer,
  Delta,
  Exporter,
  ExportRequest,
  ExportStep,
  Series,
  SeriesKey,
  Snapshot,
  SnapshotSeries,
  Temporality,
  Verdict,
} from './model/types.ts'
export { checks, type DestinationChecks } from './schema/checks.ts'
export type {
  AggregatorApi,
  AggregatorStatus,
  DeadLetter,
  DestinationHealth,
  DestinationStatus,
} from './model/aggregator-api.ts'
export type { DestinationSettings, MappingRule, Route } from './model/destination-settings.ts'
export type { DestinationConfig, DestinationKind } from './destinations/kinds.ts'
export type { Config, DestinationGroup } from './config/types.ts'
export type { MetricMetadata } from './model/metric-metadata.ts'
export type { SeriesLimits } from './model/series-limits.ts'

/** The page's script of this build, as `createWorker` wants it. */
export const script: Script = built

const worker: ReturnType<typeof createWorker> = createWorker({ script })

export default worker
