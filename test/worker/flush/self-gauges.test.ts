import { describe, expect, it } from 'vitest'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { selfGauges } from '../../../worker/flush/self-gauges.ts'

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
