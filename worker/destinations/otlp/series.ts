import type { OtlpConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { MetricKind, Series, Snapshot } from '../../model/types.ts'
import { DEFAULT_BOUNDS } from '../shared/classic-histogram.ts'
import { metadataOf } from '../../model/built-in-metrics.ts'
import type { KeyValue, MetricHead, Resource } from './messages.ts'
import { mergeSeries, groupBy, type OutputSeries } from '../shared/merge-series.ts'

/** The name that an OpenTelemetry SDK must use when it has none. Source: semantic conventions, `service.name`. */
const UNKNOWN_SERVICE = 'unknown_service'

export interface OtlpMetric {
  readonly kind: MetricKind
  readonly head: MetricHead
  /** Upper bounds of an explicit histogram. */
  readonly bounds: readonly number[]
}

/** One series as OTLP knows it. */
export interface OtlpSeries extends OutputSeries {
  /** The same object for all series that have it. So is `metric`. */
  readonly resource: Resource
  readonly metric: OtlpMetric
  readonly attributes: readonly KeyValue[]
}

/** The snapshot as OTLP sees it, sorted by resource, metric and attributes: the same totals always give the same answer. */
export function otlpSeriesOf(snapshot: Snapshot, config: OtlpConfig, all: ExportContext): OtlpSeries[] {
  const resourceOf = createResources(config, all)
  const attributesOf = createAttributes(config, all)
  const metricOf = memoized(
    ({ kind, name }: Series) => `${kind} ${name}`,
    ({ kind, name }): OtlpMetric => {
      const { help, unit, buckets = DEFAULT_BOUNDS } = metadataOf(name, all.metrics)
      const head = { name, ...(help ? { description: help } : {}), ...(unit ? { unit } : {}) }
      return { kind, head, bounds: buckets }
    },
  )
  const identity = ({ series }: { readonly series: Series }): string =>
    // The resource comes first, because series are sorted by it first. Neither sign is in a name or a value; with one sign for both, a
    // metric called `service.version` could be taken for a part of the resource.
    `${resourceOf(series).text}\u0001${[series.name, series.kind, ...attributesOf(series).flat()].join('\u0000')}`
  return groupBy(snapshot.series, identity).map(([, members]) => {
    const { series } = members[0]!
    const { resource } = resourceOf(series)
    return {
      ...mergeSeries(members),
      resource,
      metric: metricOf(series),
      attributes: attributesOf(series).map(keyValue),
    }
  })
}

type Attributes = readonly (readonly [name: string, value: string])[]

/** The resource of a series. The page's own values win over those of the configuration. */
function createResources(
  { resourceAttributes }: OtlpConfig,
  { resourceLabels }: ExportContext,
): (series: Series) => { readonly resource: Resource; readonly text: string } {
  const byText = new Map<string, Resource>()
  return memoized(
    ({ service, release }) => `${service}\u0000${release}`,
    ({ service, release }) => {
      const attributes = Object.entries({
        'service.name': UNKNOWN_SERVICE,
        ...resourceAttributes,
        ...(resourceLabels.service && service !== '' ? { 'service.name': service } : {}),
        ...(resourceLabels.release && release !== '' ? { 'service.version': release } : {}),
      })
      const text = sorted(attributes).flat().join('\u0000')
      const resource = byText.get(text) ?? { attributes: sorted(attributes).map(keyValue) }
      byText.set(text, resource)
      return { resource, text }
    },
  )
}

/**
 * How the attributes of a point are named. One named like an attribute of the resource is `exported_…`: VictoriaMetrics puts both
 * on the series and keeps one, so a page could count for another service. All other names stay as they are.
 */
function createAttributes(
  { resourceAttributes }: OtlpConfig,
  { resourceLabels }: ExportContext,
): (series: Series) => Attributes {
  const ours = new Set(['service.name', ...Object.keys(resourceAttributes)])
  if (resourceLabels.release) ours.add('service.version')
  return ({ attributes }) => {
    if (!attributes.some(([name]) => ours.has(name))) return attributes
    const taken = new Set([...ours, ...attributes.map(([name]) => name)])
    const free = (name: string): string => (taken.has(name) ? free(`exported_${name}`) : name)
    return sorted(
      attributes.map(([name, value]) => {
        if (!ours.has(name)) return [name, value]
        const renamed = free(name)
        taken.add(renamed)
        return [renamed, value]
      }),
    )
  }
}

const keyValue = ([key, value]: Attributes[number]): KeyValue => ({ key, value: { string_value: value } })

const sorted = (attributes: Attributes): Attributes[number][] => [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))

function memoized<T>(keyOf: (series: Series) => string, make: (series: Series) => T): (series: Series) => T {
  const made = new Map<string, T>()
  return (series) => {
    const key = keyOf(series)
    const value = made.get(key) ?? make(series)
    made.set(key, value)
    return value
  }
}
