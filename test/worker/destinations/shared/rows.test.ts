import { describe, expect, it } from 'vitest'
import { createHistogram } from '../../../../src/protocol/histogram.ts'
import { rowsOf } from '../../../../worker/destinations/shared/rows.ts'
import type { SnapshotSeries } from '../../../../worker/model/types.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const rows = (...series: readonly SnapshotSeries[]): unknown[] =>
  rowsOf(snapshotOf(...series), testConfig()).map(({ row }) => row)

describe('rowsOf', () => {
  it('begins a total where the series began, and a delta where its window did', () => {
    const snapshot = snapshotOf(counterOf('a', 1, { startMs: 3_000 }))
    const startOf = (temporality: 'cumulative' | 'delta'): string =>
      rowsOf({ ...snapshot, temporality }, testConfig())[0]!.row.start
    expect(startOf('cumulative')).toBe('1970-01-01T00:00:03.000Z')
    expect(startOf('delta')).toBe('1970-01-01T00:00:10.000Z')
  })

  it('is sorted by name, kind, resource and attributes', () => {
    const sorted = [
      counterOf('a', 1),
      counterOf('a', 1, { release: '1' }),
      counterOf('a', 1, { service: 's' }),
      counterOf('a', 1, { service: 's', attributes: { x: 1 } }),
      gaugeOf('a', 1),
      histogramOf('a', [1]),
      counterOf('b', 1),
    ]
    const keys = (all: typeof sorted): unknown => rowsOf(snapshotOf(...all), testConfig()).map((row) => row.keys[0])
    expect(keys(sorted.toReversed())).toEqual(keys(sorted))
    expect(rows(...sorted)).toHaveLength(7)
  })

  it('has the buckets of a histogram in order, whatever the order of its map', () => {
    const total = {
      ...createHistogram(),
      scale: 3,
      zero: 2,
      sum: [1, 2 ** 60],
      positive: new Map([
        [5, 1],
        [-7, 2],
      ]),
      negative: new Map([
        [1, 3],
        [0, 4],
      ]),
    }
    expect(rows({ ...histogramOf('h', []), total })).toMatchObject([
      {
        kind: 'histogram',
        count: 12,
        sum: 2 ** 60,
        scale: 3,
        zero: 2,
        positive: [
          [-7, 2],
          [5, 1],
        ],
        negative: [
          [0, 4],
          [1, 3],
        ],
      },
    ])
  })

  it('rounds an exact sum once', () => {
    const total = [2 ** -60, 1, 2 ** 53]
    expect(rows({ ...counterOf('a', 1), total })).toMatchObject([{ value: 2 ** 53 + 2 }])
  })

  it('ends a row only when all of it ends', () => {
    const config = testConfig({ resourceLabels: { service: true, release: false } })
    const live = counterOf('a', 1, { release: '1' })
    const ending = counterOf('a', 2, { release: '2', phase: 'ending' })
    const [together] = rowsOf(snapshotOf(live, ending), config)
    expect(together).toMatchObject({ row: { release: '', value: 3 }, keys: [live.key] })
    expect(together!.row).not.toHaveProperty('ended')
    expect(rowsOf(snapshotOf(ending), config)).toMatchObject([{ row: { value: 2, ended: true }, keys: [ending.key] }])
  })

  it('has the whole of what shares a row when its first key is asked for', () => {
    const config = testConfig({ resourceLabels: { service: false, release: false } })
    const series = [counterOf('a', 1, { service: 'x' }), counterOf('a', 2, { service: 'y' }), counterOf('b', 1)]
    const found = rowsOf(snapshotOf(...series), config, new Set([series[0]!.key]))
    expect(found).toMatchObject([{ row: { name: 'a', value: 3 } }])
    expect(rowsOf(snapshotOf(...series), config, new Set())).toEqual([])
  })
})
