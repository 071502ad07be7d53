import type { Histogram } from '../../../src/protocol/types.ts'
import type { PrometheusConfig } from './config.ts'
import type { ExportStep, Snapshot } from '../../model/types.ts'
import type { Family, PrometheusSeries } from './families.ts'
import { type Label, withLabel } from './labels.ts'
import { EMPTY_HISTOGRAM, emptied, nativeHistogram, type NativeHistogram } from './native-histogram.ts'
import { samplesOf } from './samples.ts'
import { STALE_MARKER } from './stale-marker.ts'

/** A time series as remote-write takes it, with its only sample. */
export interface TimeSeries {
  /** Sorted by name; `__name__` is one of them. */
  readonly labels: readonly Label[]
  readonly value: number | NativeHistogram
  /** Ms since 1970. */
  readonly timestampMs: number
  /** When the total began, ms since 1970, before `timestampMs`; 0 where nothing is to be said of it. */
  readonly startMs: number
  readonly family: Pick<Family, 'kind' | 'help' | 'unit'>
}

/** The series that is being encoded. */
export interface TimeSeriesOptions {
  readonly snapshot: Snapshot
  readonly step: ExportStep['name']
  readonly histograms: PrometheusConfig['histograms']
}

/** The samples that a step sends for a series. */
type Content = 'total' | 'zero' | 'stale' | 'nothing'

/** The time series of one series in a step: one, or all of a histogram. They belong into one request. */
export function timeSeriesOf(family: Family, series: PrometheusSeries, options: TimeSeriesOptions): TimeSeries[] {
  const content = contentOf(options.step, family, series)
  if (content === 'nothing') return []
  const timestampMs = timestampOf(options, series)
  const startMs = startOf(options, family, series)
  const one = (name: string, labels: readonly Label[], value: TimeSeries['value']): TimeSeries => ({
    labels: withLabel(labels, { name: '__name__', value: name }),
    value,
    timestampMs,
    startMs,
    family,
  })
  const isClassic = family.kind !== 'histogram' || options.histograms !== 'native'
  const isNative = family.kind === 'histogram' && options.histograms !== 'classic'
  return [
    ...(isClassic ? samplesOf(family, series) : []).map(({ name, labels, value }) =>
      one(name, labels, content === 'total' ? value : content === 'zero' ? 0 : STALE_MARKER),
    ),
    ...(isNative ? [one(nativeName(family.name), series.labels, nativeValue(content, series))] : []),
  ]
}

function contentOf(step: ExportStep['name'], { kind }: Family, { phase }: PrometheusSeries): Content {
  if (step === 'values') return phase === 'ending' ? 'stale' : 'total'
  if (kind === 'gauge' || phase === 'live') return 'nothing'
  return phase === 'new' ? 'zero' : 'total'
}

function nativeValue(content: Content, { total }: PrometheusSeries): NativeHistogram {
  if (content === 'stale') return { ...EMPTY_HISTOGRAM, sum: STALE_MARKER }
  const value = nativeHistogram(total as Histogram)
  return content === 'zero' ? emptied(value) : value
}

/**
 * A native histogram has no suffix of its own, so it can meet the series of another metric: the counter `x` and the histogram
 * `x.total`, or the `x_sum` of a classic histogram and a native one of that name. Such a name gets one more word.
 */
const nativeName = (name: string): string => (/_(total|bucket|sum|count)$/.test(name) ? `${name}_distribution` : name)

/**
 * A stale marker comes 1 ms before the flush: a series that returns at once has its zero at this flush, and two samples at one
 * time are refused. Repeated in the next flush, after an answer that was lost, it cannot meet the value sent before it either.
 */
function timestampOf({ snapshot, step }: TimeSeriesOptions, { phase }: PrometheusSeries): number {
  const { previousMs, timeMs } = snapshot
  if (step === 'zeros') return previousMs
  return phase === 'ending' ? Math.max(previousMs + 1, timeMs - 1) : timeMs
}

// Only with a total: a start after its sample makes Prometheus see a restart, so a zero at the flush before must not have one.
function startOf(
  { snapshot, step }: TimeSeriesOptions,
  { kind }: Family,
  { phase, startMs }: PrometheusSeries,
): number {
  if (step === 'zeros' || kind === 'gauge' || phase === 'ending') return 0
  return startMs < snapshot.timeMs ? startMs : 0
}
