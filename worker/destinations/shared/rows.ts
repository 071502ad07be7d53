import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Delta, MetricKind, SeriesKey, Snapshot, SnapshotSeries } from '../../model/types.ts'
import { metadataOf } from '../../model/built-in-metrics.ts'
import { groupBy, mergeSeries, type OutputSeries } from './merge-series.ts'
import { isoTime } from './utc.ts'

interface RowBase {
  /** When the window or the flush ended, RFC 3339 in UTC with milliseconds. */
  readonly time: string
  /** Where `value`, or `count` and `sum`, began: the window's beginning with 'delta', the series' with 'cumulative'. */
  readonly start: string
  readonly kind: MetricKind
  readonly name: string
  /** UCUM; missing where none is known. */
  readonly unit?: string
  /** '' where there is none, or `resourceLabels` says no. */
  readonly service: string
  readonly release: string
  /** In the order of their names. None is empty: an empty attribute is a missing one. */
  readonly attributes: Readonly<Record<string, string>>
  /** The last total of a series that ends; it starts from zero when it returns. Cumulative only. */
  readonly ended?: true
}

export interface NumberRow extends RowBase {
  readonly kind: 'counter' | 'gauge'
  /** The exact sum, rounded once to the nearest double. */
  readonly value: number
}

export interface HistogramRow extends RowBase {
  readonly kind: 'histogram'
  readonly count: number
  /** The exact sum, rounded once to the nearest double. */
  readonly sum: number
  /** Bucket `index` holds what is in (base^index, base^(index + 1)], base = 2^(2^-scale), of the magnitude below zero. */
  readonly scale: number
  /** Observations of exactly zero. */
  readonly zero: number
  /** Index and count of every bucket that is not empty, ascending. */
  readonly positive: readonly (readonly [index: number, count: number])[]
  readonly negative: readonly (readonly [index: number, count: number])[]
}

/** One series as plain data: what http, archive, console and memory give away. */
export type Row = NumberRow | HistogramRow

/** A row with what it was made of. */
export interface KeyedRow {
  readonly row: Row
  readonly keys: readonly SeriesKey[]
  readonly total: Delta
}

/**
 * The series of a snapshot as rows, sorted by name, kind and attributes: the same totals always give the same rows. Series that only
 * a part of the resource which is switched off keeps apart are one row, their sum.
 * @param keys only these series; all of a row's are taken when its first is among them
 */
export function rowsOf(snapshot: Snapshot, all: ExportContext, keys?: ReadonlySet<SeriesKey>): KeyedRow[] {
  const { service: hasService, release: hasRelease } = all.resourceLabels
  const idOf = ({ series: { name, kind, service, release, attributes } }: SnapshotSeries): string =>
    JSON.stringify([name, kind, hasService ? service : '', hasRelease ? release : '', attributes])
  const previous = isoTime(snapshot.previousMs)
  const time = isoTime(snapshot.timeMs)
  return groupBy(snapshot.series, idOf)
    .map(([, members]) => ({ series: members[0]!.series, output: mergeSeries(members) }))
    .filter(({ output }) => keys === undefined || keys.has(output.keys[0]!))
    .map(({ series, output }) => {
      const { kind, name, service, release, attributes } = series
      const { unit } = metadataOf(name, all.metrics)
      const row = {
        time,
        start: snapshot.temporality === 'delta' ? previous : isoTime(output.startMs),
        kind,
        name,
        ...(unit === undefined ? {} : { unit }),
        service: hasService ? service : '',
        release: hasRelease ? release : '',
        attributes: Object.fromEntries(attributes),
        ...totalOf(output),
        ...(output.phase === 'ending' ? { ended: true } : {}),
      } as Row
      return { row, keys: output.keys, total: output.total }
    })
}

function totalOf({ total }: OutputSeries): Pick<NumberRow, 'value'> | Omit<HistogramRow, keyof RowBase> {
  if (isSum(total)) return { value: roundExact(total) }
  const { scale, zero, sum, positive, negative } = total
  return {
    count: countOf(total),
    sum: roundExact(sum),
    scale,
    zero,
    positive: ascending(positive),
    negative: ascending(negative),
  }
}

const isSum = (total: Delta): total is Exclude<Delta, Histogram> => Array.isArray(total)

// A typed array is sorted by number, several times as fast as pairs are. Indexes are below 2^19 (see protocol/histogram.ts).
const ascending = (buckets: ReadonlyMap<number, number>): [number, number][] =>
  Array.from(Int32Array.from(buckets.keys()).sort(), (index) => [index, buckets.get(index)!])
