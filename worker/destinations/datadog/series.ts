import { mergeExact, roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { ExactSum, Histogram } from '../../../src/protocol/types.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { SnapshotSeries } from '../../model/types.ts'
import { classicCounts, DEFAULT_BOUNDS } from '../shared/classic-histogram.ts'
import { COUNTS_SUFFIXES, type DatadogSeries } from './output-series.ts'
import { jsonNumber } from '../shared/json-list.ts'
import { metadataOf } from '../../model/built-in-metrics.ts'
import { formatNumber } from '../shared/numbers.ts'
import { mergeSeries } from '../shared/merge-series.ts'

/** One point of `POST /api/v2/series`. */
interface Point {
  readonly name: string
  readonly tags: readonly string[]
  readonly sum: ExactSum
}

/** When a window ended and how long it was, in whole seconds: Datadog's time stamps have no others. */
export interface DatadogTime {
  readonly timestampSeconds: number
  /** At least 1. */
  readonly intervalSeconds: number
}

// Source: Datadog API reference, "Submit metrics", v2, MetricIntakeType.
const COUNT = 1
const GAUGE = 3

/** The classic buckets of a metric. */
export interface DatadogBuckets {
  /** Upper bounds, without the last, infinity. */
  readonly bounds: readonly number[]
  /** The tags of each bucket, the last one too. */
  readonly tags: readonly (readonly [lower: string, upper: string])[]
}

/** The classic buckets of a metric, memoized by its name. */
export function createBuckets(metrics: ExportContext['metrics']): (metric: string) => DatadogBuckets {
  const known = new Map<string, DatadogBuckets>()
  return (metric) => {
    let buckets = known.get(metric)
    if (!buckets) {
      const { buckets: bounds = DEFAULT_BOUNDS } = metadataOf(metric, metrics)
      const edges = [-Infinity, ...bounds, Infinity].map(boundText)
      const tags = edges.slice(1).map((upper, i) => [`lower_bound:${edges[i]}`, `upper_bound:${upper}`] as const)
      known.set(metric, (buckets = { bounds, tags }))
    }
    return buckets
  }
}

/**
 * The items of `series` for one output series, as JSON; none for histograms that hold nothing. Written by hand, because
 * `JSON.stringify` has no say over how a number is written (see `jsonNumber`).
 */
export function seriesOf(
  output: DatadogSeries,
  time: DatadogTime,
  bucketsOf: (metric: string) => DatadogBuckets,
): string[] {
  const { timestampSeconds, intervalSeconds } = time
  const type = output.kind === 'gauge' ? `${GAUGE}` : `${COUNT},"interval":${intervalSeconds}`
  return pointsOf(output, bucketsOf).map(
    ({ name, tags, sum }) =>
      `{"metric":${JSON.stringify(name)},"type":${type},"points":[{"timestamp":${timestampSeconds},` +
      `"value":${jsonNumber(roundExact(sum))}}],"tags":${JSON.stringify(tags)}}`,
  )
}

function pointsOf(output: DatadogSeries, bucketsOf: (metric: string) => DatadogBuckets): readonly Point[] {
  const { kind, name, tags, members } = output
  if (kind !== 'histogram')
    return [{ name, tags, sum: mergeSeries(members.map(({ series }) => series)).total as ExactSum }]
  const histograms = members.map(({ series }) => series).filter(({ series }) => series.kind === 'histogram')
  const points = histograms.length === 0 ? [] : countsOf(output, histograms, bucketsOf)
  for (const member of members) {
    if (member.series.series.kind === 'histogram') continue
    const met = points.find((point) => point.name === member.name)
    if (met) mergeExact(met.sum, member.series.total as ExactSum)
    else points.push({ name: member.name, tags, sum: [...(member.series.total as ExactSum)] })
  }
  return points.sort(byName)
}

// Buckets have one name, and stay in their order.
const byName = (a: Point, b: Point): number => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1)

/**
 * A histogram as counts. Buckets are not cumulative and have the tags OpenTelemetry's exporter gives them; one that is empty is
 * not sent, which says the same and costs no custom metric.
 */
function countsOf(
  { name, tags }: DatadogSeries,
  histograms: readonly SnapshotSeries[],
  bucketsOf: (metric: string) => DatadogBuckets,
): Point[] {
  const total = mergeSeries(histograms).total as Histogram
  const count = countOf(total)
  if (count === 0) return []
  // The first metric by name, so that the order of the snapshot does not matter.
  const metric = histograms.map(({ series }) => series.name).sort()[0]!
  const { bounds, tags: bucketTags } = bucketsOf(metric)
  const buckets: Point[] = []
  let below = 0
  for (const [slot, cumulative] of classicCounts(total, bounds).entries()) {
    if (cumulative > below)
      buckets.push({
        name: name + COUNTS_SUFFIXES.bucket,
        tags: [...tags, ...bucketTags[slot]!].sort(),
        sum: [cumulative - below],
      })
    below = cumulative
  }
  return [
    { name: name + COUNTS_SUFFIXES.count, tags, sum: [count] },
    { name: name + COUNTS_SUFFIXES.sum, tags, sum: [...total.sum] },
    ...buckets,
  ]
}

/**
 * A bound as OpenTelemetry's exporter writes it: `inf`, `0`, `1.0`, `0.25`.
 * Source: DataDog/opentelemetry-mapping-go, pkg/otlp/metrics, formatFloat.
 */
function boundText(bound: number): string {
  if (!Number.isFinite(bound)) return bound > 0 ? 'inf' : '-inf'
  const text = formatNumber(bound).replaceAll('+', '')
  return bound !== 0 && Number.isInteger(bound) ? `${text}.0` : text
}
