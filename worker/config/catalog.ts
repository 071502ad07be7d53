import type { Config } from './types.ts'
import type { MetricMetadata } from '../model/metric-metadata.ts'

/** A catalog as `defineCatalog` of `pharos-beacon/catalog` makes it; here only its data matters. */
export type CatalogMetrics = Readonly<Record<string, MetricMetadata & Required<Pick<MetricMetadata, 'kind'>>>>

/**
 * The part of the configuration that makes the edge take what is in a catalog and nothing else: no other metric, and no other
 * attribute or value of one.
 * @example { ...written, ...catalogConfig(catalog) }
 */
export const catalogConfig = (catalog: CatalogMetrics): Pick<Config, 'metrics' | 'catalogOnly'> => ({
  metrics: Object.fromEntries(Object.entries(catalog).map(([name, metric]) => [name, metadataOf(metric)])),
  catalogOnly: true,
})

// A metric whose attributes are not listed may have any; in a catalog it has none.
const metadataOf = ({ kind, help, unit, buckets, attributes = {} }: MetricMetadata): MetricMetadata => ({
  ...(kind && { kind }),
  ...(help !== undefined && { help }),
  ...(unit !== undefined && { unit }),
  ...(buckets && { buckets }),
  attributes,
})
