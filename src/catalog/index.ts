export { checkAgainst, type RecordCheck } from './check-against.ts'
export { counter, defineCatalog, histogram } from './define-catalog.ts'
export { pluginMetrics } from './plugin-metrics.ts'
export type { AttributesOf, CatalogInstruments, CounterName, HistogramName, TypedBeacon } from './typed-beacon.ts'
export type {
  AttributeKind,
  AttributeKinds,
  Catalog,
  CounterDefinition,
  CounterOptions,
  HistogramDefinition,
  HistogramOptions,
  MetricDefinition,
  NoAttributes,
} from './types.ts'
