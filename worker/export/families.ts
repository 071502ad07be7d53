// Pure: no I/O, no clock, no randomness.
import { mergeExact } from '../../src/protocol/exact-sum.ts'
import { copyHistogram, mergeHistogram } from '../../src/protocol/histogram.ts'
import type { Config, Delta, MetricKind, SeriesKey, SeriesPhase, Snapshot, SnapshotSeries } from '../types.ts'
import { DEFAULT_BOUNDS } from './classic-histogram.ts'
import { createLabeler, type Label, type LabelOptions } from './labels.ts'
import { metadataOf } from './metadata.ts'
import { metricName, unitName } from './names.ts'
import { formatNumber } from './numbers.ts'

/** One series as Prometheus knows it: the sum of all series whose name and labels come out the same. */
export interface PrometheusSeries {
  readonly labels: readonly Label[]
  /** The series this one answers for. An ending series is not among them while it shares its place with one that lives. */
  readonly keys: readonly SeriesKey[]
  readonly phase: SeriesPhase
  readonly startMs: number
  readonly total: Delta
}

export interface Family {
  /** With `_total` for a counter, without `_bucket` and the like for a histogram. */
  readonly name: string
  readonly kind: MetricKind
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
  const byMetric = new Map<string, OpenFamily>()
  const families = new Map<string, OpenFamily>()
  for (const series of snapshot.series) {
    const { kind, name: metric } = series.series
    let family = byMetric.get(`${kind} ${metric}`)
    if (!family) {
      const name = metricName(metric, kind, metadataOf(metric, metrics).unit ?? '')
      family = families.get(`${name} ${kind}`) ?? { name, kind, metric, members: new Map() }
      if (metric < family.metric) family.metric = metric
      families.set(`${name} ${kind}`, family)
      byMetric.set(`${kind} ${metric}`, family)
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
  const series = sorted(members).map((member) => addUp(member.labels, member.series))
  const les = [...buckets, Infinity].map(formatNumber)
  return { name, kind, help, unit: unitName(unit), bounds: buckets, les, series }
}

function addUp(labels: readonly Label[], members: readonly SnapshotSeries[]): PrometheusSeries {
  const phase = commonPhase(members)
  const answering = phase === 'live' ? members.filter((member) => member.phase !== 'ending') : members
  return {
    labels,
    keys: answering.map(({ key }) => key),
    phase,
    startMs: Math.min(...members.map(({ startMs }) => startMs)),
    total: members.length === 1 ? members[0]!.total : sumOf(members.map(({ total }) => total)),
  }
}

// New or ending only when all of it is: a zero or a stale marker is for the series as Prometheus knows it.
function commonPhase(members: readonly SnapshotSeries[]): SeriesPhase {
  const phase = members[0]!.phase
  return members.every((member) => member.phase === phase) ? phase : 'live'
}

function sumOf([first, ...rest]: readonly Delta[]): Delta {
  const sum: Delta = Array.isArray(first) ? [...first] : copyHistogram(first!)
  for (const total of rest) {
    if (Array.isArray(sum)) mergeExact(sum, total as number[])
    else mergeHistogram(sum, total as Exclude<Delta, number[]>)
  }
  return sum
}

// No name or value holds a NUL.
function identity(labels: readonly Label[]): string {
  let id = ''
  for (const { name, value } of labels) id += `${name}\u0000${value}\u0000`
  return id
}

const sorted = <T>(map: ReadonlyMap<string, T>): T[] =>
  Array.from(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
