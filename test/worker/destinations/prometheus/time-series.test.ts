import { describe, expect, it } from 'vitest'
import { groupFamilies } from '../../../../worker/destinations/prometheus/families.ts'
import {
  type TimeSeries,
  timeSeriesOf,
  type TimeSeriesOptions,
} from '../../../../worker/destinations/prometheus/time-series.ts'
import type { SeriesPhase, SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, type SeriesOptions, snapshotOf } from '../../../contract/snapshots.ts'

const labelOptions = { resourceLabels: { service: true, release: true }, externalLabels: {} }

function timeSeriesIn(series: SnapshotSeries, options: Partial<TimeSeriesOptions> = {}): TimeSeries[] {
  const { snapshot = snapshotOf(series), step = 'values', histograms = 'classic' } = options
  const [family] = groupFamilies(
    snapshotOf(series),
    { h: { buckets: [1], help: 'How long.', unit: 's' } },
    labelOptions,
  )
  return timeSeriesOf(family!, family!.series[0]!, { snapshot, step, histograms })
}

const nameOf = ({ labels }: TimeSeries): string => labels.find(({ name }) => name === '__name__')!.value

/** The value of a sample; the count of a native histogram. */
const valueOf = ({ value }: TimeSeries): unknown => {
  if (typeof value === 'number') return Number.isNaN(value) ? 'stale' : value
  return Number.isNaN(value.sum) ? 'stale' : value.count
}

const makers = {
  counter: (options: SeriesOptions) => counterOf('c', 5, options),
  gauge: (options: SeriesOptions) => gaugeOf('g', -7, options),
  classic: (options: SeriesOptions) => histogramOf('h', [0.5, 2], options),
  native: (options: SeriesOptions) => histogramOf('h', [0.5, 2], options),
}
const total = { counter: [5], gauge: [-7], classic: [1, 2, 2.5, 2], native: [2] }

describe('the values', () => {
  it.each<[kind: keyof typeof makers, SeriesPhase, zeros: 'nothing' | 'zero' | 'total', values: 'total' | 'stale']>([
    ['counter', 'new', 'zero', 'total'],
    ['counter', 'live', 'nothing', 'total'],
    ['counter', 'ending', 'total', 'stale'],
    ['gauge', 'new', 'nothing', 'total'],
    ['gauge', 'live', 'nothing', 'total'],
    ['gauge', 'ending', 'nothing', 'stale'],
    ['classic', 'new', 'zero', 'total'],
    ['classic', 'live', 'nothing', 'total'],
    ['classic', 'ending', 'total', 'stale'],
    ['native', 'new', 'zero', 'total'],
    ['native', 'live', 'nothing', 'total'],
    ['native', 'ending', 'total', 'stale'],
  ])('of a %s that is %s are %s in the step of zeros and %s in that of values', (...[kind, phase, zeros, values]) => {
    const histograms = kind === 'native' ? 'native' : 'classic'
    const valuesIn = (step: TimeSeriesOptions['step']) =>
      timeSeriesIn(makers[kind]({ phase }), { step, histograms }).map(valueOf)
    const expected = {
      nothing: [],
      zero: total[kind].map(() => 0),
      total: total[kind],
      stale: total[kind].map(() => 'stale'),
    }
    expect([valuesIn('zeros'), valuesIn('values')]).toEqual([expected[zeros], expected[values]])
  })

  it('of a native histogram keep their scale in the zero, and have no bucket', () => {
    const [zero] = timeSeriesIn(makers.native({ phase: 'new' }), { step: 'zeros', histograms: 'native' })
    const [value] = timeSeriesIn(makers.native({}), { histograms: 'native' })
    const { schema, zeroThreshold } = value!.value as Exclude<TimeSeries['value'], number>
    expect(zero!.value).toMatchObject({ schema, zeroThreshold, sum: 0, positive: { spans: [], counts: [] } })
  })
})

describe('the names', () => {
  it.each([
    ['classic', ['h_seconds_bucket', 'h_seconds_bucket', 'h_seconds_sum', 'h_seconds_count']],
    ['native', ['h_seconds']],
    ['both', ['h_seconds_bucket', 'h_seconds_bucket', 'h_seconds_sum', 'h_seconds_count', 'h_seconds']],
  ] as const)('of a histogram: %s', (histograms, names) => {
    expect(timeSeriesIn(histogramOf('h', [1]), { histograms }).map(nameOf)).toEqual(names)
  })

  it.each([
    ['x', 'x'],
    ['x.total', 'x_total_distribution'],
    ['x.bucket', 'x_bucket_distribution'],
    ['x.sum', 'x_sum_distribution'],
    ['x.count', 'x_count_distribution'],
    ['x.totals', 'x_totals'],
    ['total', 'total'],
  ])('of the native histogram %s is %s: no other series has it', (name, expected) => {
    expect(timeSeriesIn(histogramOf(name, [1]), { histograms: 'native' }).map(nameOf)).toEqual([expected])
  })

  it('stand among the labels, which are sorted', () => {
    const attributes = { Z: '1', _a: '2', a: '3' }
    for (const one of timeSeriesIn(histogramOf('h', [1], { attributes }), { histograms: 'both' })) {
      const names = one.labels.map(({ name }) => name)
      expect(names).toEqual(names.toSorted())
      expect(names.filter((name) => name === '__name__')).toHaveLength(1)
    }
  })

  it('have what is known of the family', () => {
    expect(timeSeriesIn(histogramOf('h', [1]))[0]!.family).toMatchObject({
      kind: 'histogram',
      help: 'How long.',
      unit: 'seconds',
    })
  })
})

describe('the times', () => {
  it.each<[string, SnapshotSeries, TimeSeriesOptions['step'], [startMs: number, timestampMs: number]]>([
    ['a total', counterOf('c', 1, { startMs: 5_000 }), 'values', [5_000, 20_000]],
    ['a total that began just before the flush', counterOf('c', 1, { startMs: 19_999 }), 'values', [19_999, 20_000]],
    ['a total that began at the flush', counterOf('c', 1, { startMs: 20_000 }), 'values', [0, 20_000]],
    ['a total that began after it, by another clock', counterOf('c', 1, { startMs: 20_001 }), 'values', [0, 20_000]],
    ['the zero of a new one', counterOf('c', 1, { phase: 'new', startMs: 15_000 }), 'zeros', [0, 10_000]],
    ['the total of a new one', counterOf('c', 1, { phase: 'new', startMs: 15_000 }), 'values', [15_000, 20_000]],
    ['the last total once more', counterOf('c', 1, { phase: 'ending' }), 'zeros', [0, 10_000]],
    ['the end', counterOf('c', 1, { phase: 'ending' }), 'values', [0, 19_999]],
    ['a gauge', gaugeOf('g', 1, { startMs: 5_000 }), 'values', [0, 20_000]],
    ['a histogram', histogramOf('h', [1], { startMs: 5_000 }), 'values', [5_000, 20_000]],
  ])('of %s', (...[, series, step, [startMs, timestampMs]]) => {
    for (const one of timeSeriesIn(series, { step, histograms: 'both' })) expect(one).toMatchObject({ startMs, timestampMs })
    expect(timeSeriesIn(series, { step, histograms: 'both' })).not.toEqual([])
  }) // prettier-ignore

  it('of an end are after the flush before, however soon it comes', () => {
    const ending = counterOf('c', 1, { phase: 'ending' })
    const snapshot = { ...snapshotOf(ending), previousMs: 19_999 }
    expect(timeSeriesIn(ending, { snapshot })[0]!.timestampMs).toBe(20_000)
  })
})
