// Pure: no I/O, no clock, no randomness.
import type { Config } from '../config/types.ts'
import type { MetricKind, Snapshot, SnapshotSeries } from '../types.ts'
import { DEFAULT_BOUNDS } from './classic-histogram.ts'
import { createLabeler, type Label, type LabelOptions } from './labels.ts'
import { metadataOf } from './metadata.ts'
import { NAMINGS, unitName } from './names.ts'
import { formatNumber } from './numbers.ts'
import { addUp, type Place } from './places.ts'

/** One series as Prometheus knows it. */
export interface PrometheusSeries extends Place {
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

interface OpenFamily {
  readonly name: string
  readonly kind: MetricKind
  /** The metric whose metadata counts: the first by name, so that the order of the snapshot does not matter. */
  metric: string
  readonly members: Map<string, { readonly labels: readonly Label[]; readonly series: SnapshotSeries[] }>
}

/** The snapshot as Prometheus sees it, families and series sorted: the same totals always give the same answer. */
export function groupFamilies(snapshot: Snapshot, metrics: Config['metrics'], options: LabelOptions): Family[] {
  const labelsOf = createLabeler(options)
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
      family = families.get(`${name} ${kind}`) ?? { name, kind, metric, members: new Map() }
      if (metric < family.metric) family.metric = metric
      families.set(`${name} ${kind}`, family)
      byMetric[kind].set(metric, family)
    }
    const labels = labelsOf(series.series)
    const id = identity(labels)
    const member = family.members.get(id)
    if (member) member.series.push(series)
    else family.members.set(id, { labels, series: [series] })
  }
  return sorted(families).map((family) => closeFamily(family, metrics))
}

function closeFamily({ name, kind, metric, members }: OpenFamily, metrics: Config['metrics']): Family {
  const { help, unit = '', buckets = DEFAULT_BOUNDS } = metadataOf(metric, metrics)
  const series = sorted(members).map((member) => ({ labels: member.labels, ...addUp(member.series) }))
  const les = [...buckets, Infinity].map(formatNumber)
  return { name, kind, metric, help, unit: unitName(unit), bounds: buckets, les, series }
}

// No name or value holds a NUL.
function identity(labels: readonly Label[]): string {
  let id = ''
  for (const { name, value } of labels) id += `${name}\u0000${value}\u0000`
  return id
}

const sorted = <T>(map: ReadonlyMap<string, T>): T[] => [...map.keys()].sort().map((key) => map.get(key)!)
