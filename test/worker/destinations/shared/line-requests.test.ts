import { describe, expect, it } from 'vitest'
import { lineRequests } from '../../../../worker/destinations/shared/line-requests.ts'
import { rowsOf } from '../../../../worker/destinations/shared/rows.ts'
import { counterOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const rows = rowsOf(snapshotOf(...['a', 'b', 'c', 'd', 'e'].map((name) => counterOf(name, 1))), testConfig())

describe('lineRequests', () => {
  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [9, [5]],
  ])('puts at most %i series into a request, one line each', (maxSeriesPerRequest, sizes) => {
    const requests = lineRequests(rows, { url: 'memory:x', maxSeriesPerRequest }, ({ name }) => ({
      name: `${name}\u2028"`,
    }))
    const lines = requests.map(({ body }) => new TextDecoder().decode(body).trimEnd().split('\n'))
    expect(lines.map(({ length }) => length)).toEqual(sizes)
    expect(requests.map(({ keys }) => keys.length)).toEqual(sizes)
    expect(lines.flat().map((line) => JSON.parse(line) as unknown)).toEqual(
      rows.map(({ row }) => ({ name: `${row.name}\u2028"` })),
    )
    expect(requests.flatMap(({ keys }) => keys)).toEqual(rows.flatMap(({ keys }) => keys))
    expect(new Set(requests.map(({ url }) => url))).toEqual(new Set(['memory:x']))
  })

  it('makes no request of no rows', () => {
    expect(lineRequests([], { url: 'memory:x', maxSeriesPerRequest: 1 }, (row) => row)).toEqual([])
  })
})
