import type { ExportContext } from '../../model/export-context.ts'
import type { MetricKind, Snapshot, SnapshotSeries } from '../../model/types.ts'
import { DEFAULT_BOUNDS } from '../shared/classic-histogram.ts'
import { createLabeler, type Label, type LabelOptions } from './labels.ts'
import { metadataOf } from '../../model/built-in-metrics.ts'
import { NAMINGS, unitName } from './names.ts'
import { formatNumber } from '../shared/numbers.ts'
import { mergeSeries, type OutputSeries } from '../shared/merge-series.ts'

/** One series as Prometheus knows it. */
export interface PrometheusSeries extends OutputSeries {
  readonly labels: readonly Label[]
}

export interface Family {
  /** With `_total` for a counter, without `_bucket` and the like for a histogram. */
  readonly name: string
  readonly kind: MetricKind
  /** The metric's own name. */
  readonly metric: string
  readonly help: string | undefined
  /** The unit in words, as it ends the name; '' for none. */
  readonly unit: string
  /** Upper bounds of the classic buckets. */
  readonly bounds: readonly number[]
  /** The same as the label `le` has them, with +Inf. */
  readonly les: readonly string[]
  readonly series: readonly PrometheusSeries[]
}

export interface FamilyOptions extends LabelOptions {
  /** No two series have one kind, name, resource and attributes: none were renamed. @default false */
  readonly areSeriesUnique?: boolean
}

interface Member {
  readonly labels: readonly Label[]
  readonly series: SnapshotSeries
}

interface OpenFamily {
  readonly name: string
  readonly kind: MetricKind
  /** The metric whose metadata counts: the first by name, so that the order of the snapshot does not matter. */
  metric: string
  isOfOneMetric: boolean
  readonly members: Member[]
}

/** The snapshot as Prometheus sees it, families and series sorted: the same totals always give the same answer. */
export function groupFamilies(snapshot: Snapshot, metrics: ExportContext['metrics'], options: FamilyOptions): Family[] {
  const { labelsOf, areDistinct } = createLabeler(options)
  const { metricName } = options.naming ?? NAMINGS.legacy
  const byMetric = {
    counter: new Map<string, OpenFamily>(),
    gauge: new Map<string, OpenFamily>(),
    histogram: new Map<string, OpenFamily>(),
  }
  const families = new Map<string, OpenFamily>()
  for (const series of snapshot.series) {
    const { kind, name: metric } = series.series
    let family = byMetric[kind].get(metric)
    if (!family) {
      const name = metricName(metric, kind, metadataOf(metric, metrics).unit ?? '')
      family = families.get(`${name} ${kind}`) ?? { name, kind, metric, isOfOneMetric: true, members: [] }
      if (metric !== family.metric) family.isOfOneMetric = false
      if (metric < family.metric) family.metric = metric
      families.set(`${name} ${kind}`, family)
      byMetric[kind].set(metric, family)
    }
    family.members.push({ labels: labelsOf(series.series), series })
  }
  const canMeet = !options.areSeriesUnique || !areDistinct()
  return [...families.keys()].sort().map((id) => closeFamily(families.get(id)!, metrics, canMeet))
}

function closeFamily(family: OpenFamily, metrics: ExportContext['metrics'], canMeet: boolean): Family {
  const { name, kind, metric, isOfOneMetric, members } = family
  const { help, unit = '', buckets = DEFAULT_BOUNDS } = metadataOf(metric, metrics)
  const series = canMeet || !isOfOneMetric ? addedUp(members) : apart(members)
  const les = [...buckets, Infinity].map(formatNumber)
  return { name, kind, metric, help, unit: unitName(unit), bounds: buckets, les, series }
}

/** Series that do not meet. Their keys are at hand and their identities would have to be made: that is a third of a flush. */
const apart = (members: Member[]): PrometheusSeries[] =>
  members
    .sort((a, b) => (a.series.key < b.series.key ? -1 : 1))
    .map(({ labels, series }) => ({ labels, ...mergeSeries([series]) }))

function addedUp(members: readonly Member[]): PrometheusSeries[] {
  const outputs = new Map<string, { readonly labels: readonly Label[]; readonly series: SnapshotSeries[] }>()
  for (const { labels, series } of members) {
    const id = identity(labels)
    const output = outputs.get(id)
    if (output) output.series.push(series)
    else outputs.set(id, { labels, series: [series] })
  }
  const ids = [...outputs.keys()].sort()
  return ids.map((id) => outputs.get(id)!).map(({ labels, series }) => ({ labels, ...mergeSeries(series) }))
}

// No name or value holds a NUL.
function identity(labels: readonly Label[]): string {
  let id = ''
  for (const { name, value } of labels) id += `${name}\u0000${value}\u0000`
  return id
}
