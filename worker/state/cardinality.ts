import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { parseSeriesKey, seriesKey } from '../model/series-key.ts'
import type { SeriesLimits } from '../model/series-limits.ts'
import type { Series, SeriesKey } from '../model/types.ts'
import { isReservedName } from '../model/reserved.ts'

/** Room kept for the series of Pharos itself, gauges included; half of all where there is little. */
export const SELF_SERIES = 250

/** The attribute of an overflow series. Source: OpenTelemetry, "Metrics SDK", cardinality limits. */
export const OVERFLOW_ATTRIBUTES: Series['attributes'] = [['otel.metric.overflow', 'true']]

/** Keeps the number of series within the limits, whatever is sent. */
export interface Cardinality {
  /** The key to count under: the series itself, or the overflow series of its metric. Takes a place when it is new. */
  readonly admit: (key: SeriesKey) => Result<SeriesKey, 'metric_limit' | 'series_limit'>
  /** Takes a place for a series that was admitted before, whatever the limits are now. */
  readonly restore: (key: SeriesKey) => void
  /** Gives the place of a series back. */
  readonly release: (key: SeriesKey) => void
  readonly size: () => number
}

/** The series of one metric that hold a place. Its overflow series has one from the start, so that it always fits. */
interface Metric {
  regular: number
  hasOverflow: boolean
}

interface Place {
  readonly metric: string
  readonly kind: 'self' | 'regular' | 'overflow'
}

/** How many series Pharos itself may have. */
export const selfRoom = ({ maxSeries }: SeriesLimits): number => Math.min(SELF_SERIES, Math.floor(maxSeries / 2))

/** @param gauges series of Pharos itself that take no place here, because they exist only in snapshots */
export function createCardinality(limits: SeriesLimits, gauges = 0): Cardinality {
  const places = new Map<SeriesKey, Place>()
  const metrics = new Map<string, Metric>()
  const room = limits.maxSeries - selfRoom(limits)
  const ownRoom = Math.max(0, selfRoom(limits) - gauges)
  let own = 0
  let regular = 0

  const take = (key: SeriesKey, place: Place): void => {
    places.set(key, place)
    if (place.kind === 'self') {
      own++
      return
    }
    const metric = metrics.get(place.metric) ?? { regular: 0, hasOverflow: false }
    metrics.set(place.metric, metric)
    if (place.kind === 'overflow') metric.hasOverflow = true
    else {
      metric.regular++
      regular++
    }
  }

  const admitNew = (key: SeriesKey): Result<SeriesKey, 'metric_limit' | 'series_limit'> => {
    const { series, place } = placeOf(key)
    if (place.kind === 'self') {
      if (own >= ownRoom) return fail('series_limit')
      take(key, place)
      return ok(key)
    }
    const metric = metrics.get(place.metric)
    // Every metric counts as having its overflow series.
    const left = room - regular - metrics.size - (metric ? 0 : 1)
    if (!metric && metrics.size >= limits.maxMetrics) return fail('metric_limit')
    if (!metric && left < 0) return fail('series_limit')
    const fits = left >= 1 && (metric?.regular ?? 0) < limits.maxSeriesPerMetric
    if (fits && place.kind === 'regular') {
      take(key, place)
      return ok(key)
    }
    const overflowKey = seriesKey({ ...series, ...overflow })
    if (!places.has(overflowKey)) take(overflowKey, { metric: place.metric, kind: 'overflow' })
    return ok(overflowKey)
  }

  return {
    admit: (key) => (places.has(key) ? ok(key) : admitNew(key)),
    restore: (key) => {
      if (!places.has(key)) take(key, placeOf(key).place)
    },
    release: (key) => {
      const place = places.get(key)
      if (!place) return
      places.delete(key)
      if (place.kind === 'self') {
        own--
        return
      }
      const metric = metrics.get(place.metric)!
      if (place.kind === 'overflow') metric.hasOverflow = false
      else {
        metric.regular--
        regular--
      }
      if (metric.regular === 0 && !metric.hasOverflow) metrics.delete(place.metric)
    },
    size: () => places.size,
  }
}

const overflow: Pick<Series, 'service' | 'release' | 'attributes'> = {
  service: '',
  release: '',
  attributes: OVERFLOW_ATTRIBUTES,
}

function placeOf(key: SeriesKey): { readonly series: Series; readonly place: Place } {
  const series = parseSeriesKey(key)
  const metric = `${series.kind} ${series.name}`
  if (isReservedName(series.name)) return { series, place: { metric, kind: 'self' } }
  const isOverflow = seriesKey({ ...series, ...overflow }) === key
  return { series, place: { metric, kind: isOverflow ? 'overflow' : 'regular' } }
}
