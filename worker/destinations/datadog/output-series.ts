import type { DatadogConfig } from './config.ts'
import type { MetricKind, Series, SeriesKey, Snapshot, SnapshotSeries } from '../../model/types.ts'
import { datadogName, MAX_NAME_LENGTH } from './names.ts'

/** Series of one name and one set of tags. They travel in one request: Datadog keeps only the last of two equal points. */
export interface DatadogSeries {
  readonly kind: MetricKind
  /** The metric's name; the histogram's where counters have the name of its `.count` or `.sum`. */
  readonly name: string
  readonly tags: readonly string[]
  readonly members: readonly NamedSeries[]
  readonly keys: readonly SeriesKey[]
}

export interface NamedSeries {
  readonly name: string
  readonly series: SnapshotSeries
}

/** The names of a histogram that is sent as counts. */
export const COUNTS_SUFFIXES = { count: '.count', sum: '.sum', bucket: '.bucket' } as const

/**
 * The snapshot as Datadog knows it, sorted. With `histograms: 'counts'` a counter named like the `.count` or `.sum` of a histogram
 * is the same series, so that both are added up.
 */
export function groupSeries(
  { series }: Snapshot,
  { namespace, histograms }: Pick<DatadogConfig, 'namespace' | 'histograms'>,
  tagsOf: (series: Series) => string[],
): DatadogSeries[] {
  const nameOf = createNamer(namespace, histograms)
  const asCounts = new Set<string>()
  if (histograms === 'counts')
    for (const { series: one } of series) if (one.kind === 'histogram') asCounts.add(nameOf(one))

  const outputs = new Map<string, { kind: MetricKind; name: string; tags: string[]; members: NamedSeries[] }>()
  for (const one of series) {
    const full = nameOf(one.series)
    const base = one.series.kind === 'counter' ? full.replace(/\.(count|sum)$/, '') : full
    const shares = asCounts.has(base) && one.series.kind !== 'gauge'
    const output = shares ? { kind: 'histogram' as const, name: base } : { kind: one.series.kind, name: full }
    const tags = tagsOf(one.series)
    // No name or tag holds a NUL.
    const id = [output.name, output.kind, ...tags].join('\u0000')
    const met = outputs.get(id)
    if (met) met.members.push({ name: full, series: one })
    else outputs.set(id, { ...output, tags, members: [{ name: full, series: one }] })
  }
  return [...outputs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, output]) => ({ ...output, keys: output.members.map((member) => member.series.key) }))
}

function createNamer(namespace: string, histograms: DatadogConfig['histograms']): (series: Series) => string {
  const prefix = namespace === '' ? '' : `${namespace}.`
  const names = {
    counter: new Map<string, string>(),
    gauge: new Map<string, string>(),
    histogram: new Map<string, string>(),
  }
  const maxLength = MAX_NAME_LENGTH - COUNTS_SUFFIXES.bucket.length
  return ({ kind, name }) => {
    let known = names[kind].get(name)
    if (known === undefined) {
      known = datadogName(prefix + name, kind === 'histogram' && histograms === 'counts' ? maxLength : MAX_NAME_LENGTH)
      names[kind].set(name, known)
    }
    return known
  }
}
