// Pure: no I/O, no clock, no randomness.
import { createLabeler } from '../../worker/destinations/prometheus/labels.ts'
import { metricName } from '../../worker/destinations/prometheus/names.ts'
import type { AttributeKind, Catalog, MetricDefinition } from '../../src/catalog/types.ts'

/** A metric as Prometheus knows it, where the worker's configuration leaves names and labels as they are by default. */
export interface PrometheusMetric {
  readonly name: string
  readonly metric: MetricDefinition
  /** With `_total` for a counter, without `_bucket` for a histogram. */
  readonly prometheusName: string
  /** Labels with few values, made from attributes that are lists or true and false. Sorted. */
  readonly boundedLabels: readonly string[]
}

/** In the order of the catalog. */
export const prometheusMetrics = (catalog: Catalog): readonly PrometheusMetric[] =>
  Object.entries(catalog).map(([name, metric]) => ({
    name,
    metric,
    prometheusName: metricName(name, metric.kind, metric.unit ?? ''),
    boundedLabels: boundedLabels(name, metric),
  }))

/** Metrics that are two in a catalog and one in Prometheus, each pair as a sentence. */
export function findClashes(catalog: Catalog): readonly string[] {
  const owners = new Map<string, string>()
  return prometheusMetrics(catalog).flatMap(({ name, metric, prometheusName }) => {
    const suffixes = metric.kind === 'counter' ? [''] : ['', '_bucket', '_count', '_sum']
    const taken = suffixes.map((suffix) => prometheusName + suffix)
    const met = taken.find((series) => owners.has(series))
    const owner = met && owners.get(met)
    for (const series of taken) owners.set(series, name)
    return met ? [`"${owner}" and "${name}" are both ${met} in Prometheus: rename one`] : []
  })
}

const isBounded = (allowed: AttributeKind): boolean => allowed === 'boolean' || typeof allowed !== 'string'

function boundedLabels(name: string, { kind, attributes = {} }: MetricDefinition): string[] {
  const { labelsOf } = createLabeler({ resourceLabels: { service: true, release: true }, externalLabels: {} })
  const bounded = Object.keys(attributes).filter((attribute) => isBounded(attributes[attribute]!))
  const series = { kind, name, service: '', release: '', attributes: bounded.map((it) => [it, 'x'] as const) }
  return labelsOf(series).map((label) => label.name)
}
