import { describe, expect, it } from 'vitest'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { gaugeSeries, lagSeconds, selfGauges } from '../../../worker/flush/self-gauges.ts'

const cursor = (lastFullMs: number) => ({ firstMs: 1_000, lastMs: 9_000, lastFullMs, lastPartialMs: lastFullMs })
const cursors = new Map([
  ['never', cursor(0)],
  ['lately', cursor(8_000)],
  ['now', cursor(10_000)],
])

describe('gauges', () => {
  it('say how many series there are, themselves included, and how far each destination lags', () => {
    const gauges = selfGauges({ nowMs: 10_000, series: 5, cursors, room: 9 })
    const shown = gauges.map(([key, total]) => {
      const { name, attributes } = parseSeriesKey(key)
      return [name, attributes[0]?.[1], total]
    })
    expect(shown).toEqual([
      ['pharos.series', undefined, [9]],
      ['pharos.export_lag', 'never', [9]],
      ['pharos.export_lag', 'lately', [2]],
      ['pharos.export_lag', 'now', []],
    ])
  })

  it.each([
    [0, 0],
    [2, 2],
  ])('are at most %i when there is room for no more', (room, count) => {
    expect(selfGauges({ nowMs: 10_000, series: 5, cursors, room })).toHaveLength(count)
  })
})

it.each([
  [0, 9],
  [8_000, 2],
  [10_000, 0],
  [12_000, 0],
])('a destination that took everything at %i lags by %i s', (lastFullMs, seconds) => {
  expect(lagSeconds(cursor(lastFullMs), 10_000)).toBe(seconds)
})

it('a snapshot has gauges as series that begin and change with it', () => {
  const gauges = selfGauges({ nowMs: 10_000, series: 5, cursors, room: 2 })
  const series = gaugeSeries(gauges, 10_000)
  expect(series.map(({ key, total }) => [key, total])).toEqual(gauges)
  for (const one of series) {
    expect(one).toMatchObject({ startMs: 10_000, changedMs: 10_000, phase: 'live', series: parseSeriesKey(one.key) })
  }
})
