import { roundExact } from '../../../src/protocol/exact-sum.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import type { OtlpConfig } from './config.ts'
import type { ExportStep, Snapshot } from '../../model/types.ts'
import { explicitHistogram, exponentialHistogram } from './histograms.ts'
import type { DataPoint } from './messages.ts'
import type { OtlpSeries } from './series.ts'

/** DataPointFlags: the series has no value from here on, as after a stale marker. Source: opentelemetry-proto, metrics.proto. */
const NO_RECORDED_VALUE = 1

const NS_PER_MS = 1_000_000n

/** A point shows the total, a total of zero, or that the series has ended. */
type Shown = 'total' | 'zero' | 'missing'

/** The point of a series in a step, undefined where it has none (see prometheus/exporter.ts for what the steps are for). */
export function pointOf(
  series: OtlpSeries,
  step: ExportStep['name'],
  { snapshot, histograms }: { readonly snapshot: Snapshot; readonly histograms: OtlpConfig['histograms'] },
): DataPoint | undefined {
  const shown = shownIn(step, series)
  if (!shown) return undefined
  const { metric, total, attributes } = series
  const point = {
    attributes,
    ...timesOf(series, step, snapshot),
    ...(shown === 'missing' ? { flags: NO_RECORDED_VALUE } : {}),
  }
  if (metric.kind !== 'histogram') {
    if (shown === 'missing') return point
    // Always a double, as a total can become one: two types in one stream would be two streams.
    return { ...point, as_double: shown === 'zero' ? 0 : roundExact(total as number[]) }
  }
  // A histogram that ends keeps its buckets: receivers that make a series of each end only those they see.
  const histogram = shown === 'zero' ? emptyAt((total as Histogram).scale) : (total as Histogram)
  const fields =
    histograms === 'explicit' ? explicitHistogram(histogram, metric.bounds) : exponentialHistogram(histogram)
  return { ...point, ...fields }
}

const emptyAt = (scale: number): Histogram => ({ scale, zero: 0, positive: new Map(), negative: new Map(), sum: [] })

function shownIn(step: ExportStep['name'], { metric, phase }: OtlpSeries): Shown | undefined {
  if (step === 'values') return phase === 'ending' ? 'missing' : 'total'
  if (metric.kind === 'gauge' || phase === 'live') return undefined
  return phase === 'new' ? 'zero' : 'total'
}

type Times = Pick<DataPoint, 'start_time_unix_nano' | 'time_unix_nano'>

/**
 * A cumulative point starts 1 ms before its series did, which is the same time at every flush: a point that starts when it is
 * taken stands for a stream that began at an unknown time, and its value for no increase (data model, "Cumulative streams: handling
 * unknown start time"). The zero is older than a series that began after the flush before, so it starts where it is.
 */
function timesOf({ metric, phase, startMs }: OtlpSeries, step: ExportStep['name'], snapshot: Snapshot): Times {
  const { temporality, previousMs, timeMs } = snapshot
  if (metric.kind === 'gauge') return { time_unix_nano: nanoseconds(phase === 'ending' ? endMs(snapshot) : timeMs) }
  const from = (startMs: number, timeMs: number): Times => ({
    start_time_unix_nano: nanoseconds(startMs),
    time_unix_nano: nanoseconds(timeMs),
  })
  if (temporality === 'delta') return from(previousMs, timeMs)
  if (step === 'zeros') return from(Math.min(startMs - 1, previousMs), previousMs)
  const atMs = phase === 'ending' ? endMs(snapshot) : timeMs
  return from(Math.min(startMs, atMs) - 1, atMs)
}

/** Before the flush, where the zero of a series that returns at once may be (see prometheus/exporter.ts). */
const endMs = ({ previousMs, timeMs }: Snapshot): number => Math.max(previousMs + 1, timeMs - 1)

const nanoseconds = (ms: number): bigint => BigInt(ms) * NS_PER_MS
