import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seriesKey } from '../../../worker/model/series-key.ts'
import { createCardinality, SELF_SERIES, selfRoom } from '../../../worker/state/cardinality.ts'
import type { SeriesLimits } from '../../../worker/model/series-limits.ts'
import type { MetricKind, SeriesKey } from '../../../worker/model/types.ts'

const key = (name: string, page: string, kind: MetricKind = 'counter'): SeriesKey =>
  seriesKey({ kind, name, service: 'shop', release: '1', attributes: [['page', page]] })

const overflow = (name: string, kind: MetricKind = 'counter'): SeriesKey =>
  seriesKey({ kind, name, service: '', release: '', attributes: [['otel.metric.overflow', 'true']] })

const wide: SeriesLimits = { maxSeries: 1_000, maxSeriesPerMetric: 100, maxMetrics: 50 }

describe('series limits', () => {
  it('fold the rest of a metric into its overflow series', () => {
    const cardinality = createCardinality({ ...wide, maxSeriesPerMetric: 2 })
    const keys = ['/a', '/b', '/c', '/d', '/a'].map((page) => cardinality.admit(key('clicks', page)))
    const [a, b] = [key('clicks', '/a'), key('clicks', '/b')]
    expect(keys.map((it) => it.ok && it.value)).toEqual([a, b, overflow('clicks'), overflow('clicks'), a])
    expect(cardinality.admit(key('clicks', '/c', 'histogram'))).toMatchObject({ ok: true })
    expect(cardinality.size()).toBe(4)
  })

  it('refuse a new metric when there are too many, and still take known ones', () => {
    const cardinality = createCardinality({ ...wide, maxMetrics: 1 })
    cardinality.admit(key('clicks', '/a'))
    expect(cardinality.admit(key('views', '/a'))).toEqual({ ok: false, error: 'metric_limit' })
    expect(cardinality.admit(key('clicks', '/b')).ok).toBe(true)
  })

  it('keep room for the overflow series of every metric, so that nothing known is ever refused', () => {
    const limits = { maxSeries: 20, maxSeriesPerMetric: 100, maxMetrics: 50 }
    const cardinality = createCardinality(limits)
    cardinality.admit(key('clicks', '/a'))
    for (let i = 0; i < 50; i++) cardinality.admit(key('views', String(i)))
    expect(cardinality.admit(key('clicks', '/new'))).toEqual({ ok: true, value: overflow('clicks') })
    expect(cardinality.admit(key('other', '/a'))).toEqual({ ok: false, error: 'series_limit' })
    expect(cardinality.size()).toBe(limits.maxSeries - selfRoom(limits))
  })

  it('keep room for the series of Pharos itself', () => {
    const cardinality = createCardinality({ ...wide, maxSeries: 600 })
    for (let i = 0; i < 1_000; i++) cardinality.admit(key(`metric${i % 40}`, String(i)))
    const own = Array.from({ length: 300 }, (_, i) => cardinality.admit(key('pharos.beacons', String(i))))
    expect(own.filter(({ ok }) => ok)).toHaveLength(SELF_SERIES)
    expect(cardinality.size()).toBeLessThanOrEqual(600)
  })

  it('do not let a page gain a series by naming the overflow series itself', () => {
    const cardinality = createCardinality({ ...wide, maxSeriesPerMetric: 1 })
    expect(cardinality.admit(overflow('clicks'))).toEqual({ ok: true, value: overflow('clicks') })
    cardinality.admit(key('clicks', '/a'))
    expect(cardinality.admit(key('clicks', '/b'))).toEqual({ ok: true, value: overflow('clicks') })
    expect(cardinality.size()).toBe(2)
  })

  it('take series back after a restart even when the limits are lower now', () => {
    const cardinality = createCardinality({ maxSeries: 2, maxSeriesPerMetric: 1, maxMetrics: 1 })
    for (let i = 0; i < 10; i++) cardinality.restore(key('clicks', String(i)))
    expect(cardinality.size()).toBe(10)
    expect(cardinality.admit(key('clicks', '3'))).toEqual({ ok: true, value: key('clicks', '3') })
    expect(cardinality.admit(key('views', '3')).ok).toBe(false)
  })

  it('hold for any traffic, and every place that is given back can be used again', () => {
    const series = fc.record({
      kind: fc.constantFrom<MetricKind>('counter', 'histogram'),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'pharos.dropped', 'pharos.beacons'),
      service: fc.constantFrom('', 'shop'),
      release: fc.constant(''),
      attributes: fc.oneof(
        fc.constantFrom('1', '2', '3', '4', '5').map((n) => [['n', n]] as const),
        fc.constant([['otel.metric.overflow', 'true']] as const),
      ),
    })
    const limits = fc.record({
      maxSeries: fc.integer({ min: 1, max: 25 }),
      maxSeriesPerMetric: fc.integer({ min: 1, max: 5 }),
      maxMetrics: fc.integer({ min: 1, max: 6 }),
    })
    fc.assert(
      fc.property(limits, fc.array(fc.tuple(series, fc.boolean()), { maxLength: 200 }), (limits, traffic) => {
        const cardinality = createCardinality(limits)
        const held = new Set<SeriesKey>()
        for (const [one, isRelease] of traffic) {
          const wanted = seriesKey(one)
          const place = isRelease ? undefined : cardinality.admit(wanted)
          const wasRefused = place?.ok === false
          expect(wasRefused && held.has(wanted)).toBe(false)
          if (place?.ok) held.add(place.value)
          if (isRelease) {
            cardinality.release(wanted)
            held.delete(wanted)
          }
          expect(cardinality.size()).toBe(held.size)
          expect(held.size).toBeLessThanOrEqual(limits.maxSeries)
        }
        for (const one of held) cardinality.release(one)
        expect(cardinality.size()).toBe(0)
      }),
    )
  })
})
