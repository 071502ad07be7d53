import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lowerScale } from '../../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../../src/protocol/types.ts'
import type { DataPoint } from '../../../../worker/destinations/otlp/messages.ts'
import { pointOf } from '../../../../worker/destinations/otlp/points.ts'
import { otlpSeriesOf } from '../../../../worker/destinations/otlp/series.ts'
import type { ExportStep, SeriesPhase, Snapshot, SnapshotSeries } from '../../../../worker/model/types.ts'
import {
  counterOf,
  gaugeOf,
  histogramOf,
  type SeriesOptions,
  snapshotOf,
  testConfig,
} from '../../../contract/snapshots.ts'
import { testOtlp } from './otlp-config.ts'

type Step = ExportStep['name']

interface Options {
  readonly snapshot?: Partial<Snapshot>
  readonly histograms?: 'exponential' | 'explicit'
}

function pointIn(step: Step, series: SnapshotSeries, options: Options = {}): DataPoint | undefined {
  const { histograms = 'exponential' } = options
  const snapshot = { ...snapshotOf(series), ...options.snapshot }
  const metrics = { h: { buckets: [0.5, 1] } }
  const [one] = otlpSeriesOf(snapshot, testOtlp({ histograms }), testConfig({ metrics }))
  return pointOf(one!, step, { snapshot, histograms })
}

const makers = {
  counter: (options: SeriesOptions) => counterOf('c', 5, options),
  gauge: (options: SeriesOptions) => gaugeOf('g', -7, options),
  histogram: (options: SeriesOptions) => histogramOf('h', [1, 2], options),
}

/** What a point shows: a value or a count, 'missing', or 'none' where there is no point. */
function shown(point: DataPoint | undefined): unknown {
  if (!point) return 'none'
  if (point.flags === 1) return 'missing'
  return 'count' in point ? point.count : (point as { as_double?: number }).as_double
}

describe('the point of a series', () => {
  it.each<[kind: keyof typeof makers, SeriesPhase, zeros: unknown, values: unknown]>([
    ['counter', 'new', 0, 5],
    ['counter', 'live', 'none', 5],
    ['counter', 'ending', 5, 'missing'],
    ['gauge', 'new', 'none', -7],
    ['gauge', 'live', 'none', -7],
    ['gauge', 'ending', 'none', 'missing'],
    ['histogram', 'new', 0, 2],
    ['histogram', 'live', 'none', 2],
    ['histogram', 'ending', 2, 'missing'],
  ])('that is a %s, %s, shows %s in the step of zeros and %s in that of values', (...[kind, phase, zeros, values]) => {
    const series = makers[kind]({ phase })
    expect([shown(pointIn('zeros', series)), shown(pointIn('values', series))]).toEqual([zeros, values])
  })

  it.each(['counter', 'gauge'] as const)('that is a %s has no value when it is missing', (kind) => {
    expect(pointIn('values', makers[kind]({ phase: 'ending' }))).not.toHaveProperty('as_double')
  })

  it('has a double for any total, rounded once', () => {
    const series = { ...counterOf('c', 1), total: [2 ** -60, 1, 2 ** 53] }
    expect(shown(pointIn('values', series))).toBe(2 ** 53 + 2)
  })

  it('has its attributes', () => {
    expect(pointIn('values', counterOf('c', 1, { attributes: { page: '/' } }))!.attributes).toEqual([
      { key: 'page', value: { string_value: '/' } },
    ])
  })
})

describe('the buckets of a histogram', () => {
  it.each<SeriesPhase>(['new', 'ending'])('are those of its bounds also where it is %s', (phase) => {
    const series = histogramOf('h', [0.5, 0.75, 9], { phase })
    const total = { explicit_bounds: [0.5, 1], bucket_counts: [1, 1, 1], count: 3, sum: 10.25 }
    const zero = { explicit_bounds: [0.5, 1], bucket_counts: [0, 0, 0], count: 0, sum: 0 }
    const options = { histograms: 'explicit' } as const
    expect(pointIn('zeros', series, options)).toMatchObject(phase === 'new' ? zero : total)
    expect(pointIn('values', series, options)).toMatchObject(total)
  })

  it.each([8, 3, 0, -4])('are of the scale %i in its zero too', (scale) => {
    const series = histogramOf('h', [1, 1.5], { phase: 'new' })
    lowerScale(series.total as Histogram, scale)
    expect(pointIn('zeros', series)).toMatchObject({ scale, count: 0, zero_count: 0, sum: 0 })
    expect(pointIn('values', series)).toMatchObject({ scale, count: 2, sum: 2.5 })
  })
})

describe('the times of a point', () => {
  const timesOf = (point: DataPoint | undefined): unknown => {
    const { start_time_unix_nano: start, time_unix_nano: time } = point!
    return start === undefined ? [Number(time)] : [Number(start), Number(time)]
  }
  const ns = (...ms: number[]): number[] => ms.map((one) => one * 1e6)

  it.each<[string, Step, SnapshotSeries, number[]]>([
    ['a total', 'values', counterOf('c', 1, { startMs: 5_000 }), [4_999, 20_000]],
    ['a total that began at the flush', 'values', counterOf('c', 1, { startMs: 20_000 }), [19_999, 20_000]],
    [
      'a total that began after it, by another clock',
      'values',
      counterOf('c', 1, { startMs: 30_000 }),
      [19_999, 20_000],
    ],
    [
      'the zero of one that began since the flush before',
      'zeros',
      counterOf('c', 1, { phase: 'new', startMs: 15_000 }),
      [10_000, 10_000],
    ],
    [
      'the zero of one that began long before',
      'zeros',
      counterOf('c', 1, { phase: 'new', startMs: 1_000 }),
      [999, 10_000],
    ],
    ['the last total once more', 'zeros', counterOf('c', 1, { phase: 'ending', startMs: 1_000 }), [999, 10_000]],
    ['the end', 'values', counterOf('c', 1, { phase: 'ending', startMs: 1_000 }), [999, 19_999]],
    ['a gauge', 'values', gaugeOf('g', 1, { startMs: 1_000 }), [20_000]],
    ['the end of a gauge', 'values', gaugeOf('g', 1, { phase: 'ending' }), [19_999]],
  ])('of %s', (...[, step, series, times]) => {
    expect(timesOf(pointIn(step, series))).toEqual(ns(...times))
  })

  it('of a delta are those of its window', () => {
    const snapshot = { temporality: 'delta' } as const
    expect(timesOf(pointIn('values', counterOf('c', 1), { snapshot }))).toEqual(ns(10_000, 20_000))
    expect(timesOf(pointIn('values', gaugeOf('g', 1), { snapshot }))).toEqual(ns(20_000))
  })

  it('of the end are after the flush before, however soon it comes', () => {
    const snapshot = { previousMs: 19_999, timeMs: 20_000 }
    expect(timesOf(pointIn('values', gaugeOf('g', 1, { phase: 'ending' }), { snapshot }))).toEqual(ns(20_000))
  })

  it('start before or with the point, and are exact to the nanosecond', () => {
    const ms = fc.integer({ min: 2, max: 4_000_000_000_000 })
    const phases = fc.constantFrom<SeriesPhase>('new', 'live', 'ending')
    fc.assert(
      fc.property(ms, fc.integer({ min: 1, max: 1e9 }), fc.tuple(ms, phases), (previousMs, elapsedMs, [startMs, phase]) => {
        const snapshot = { previousMs, timeMs: previousMs + elapsedMs }
        for (const step of ['zeros', 'values'] as const) {
          const point = pointIn(step, counterOf('c', 1, { startMs, phase }), { snapshot })
          if (!point) continue
          expect(point.start_time_unix_nano! <= point.time_unix_nano).toBe(true)
          expect(point.time_unix_nano % 1_000_000n).toBe(0n)
        }
      }),
    ) // prettier-ignore
  })
})
