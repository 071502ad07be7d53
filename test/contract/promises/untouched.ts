import { expect } from 'vitest'
import type { SnapshotSeries } from '../../../worker/model/types.ts'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf, histogramOf } from '../snapshots.ts'

const make = (): SnapshotSeries[] => [
  counterOf('a.b', 1),
  counterOf('a_b', 2),
  histogramOf('h', [1]),
  histogramOf('h', [2], { release: '2' }),
  gaugeOf('g', 3),
]

export const untouched: ExporterPromise = {
  what: 'leaves the snapshot as it was',
  check: ({ create, snapshot }) => {
    for (const release of [true, false]) {
      const series = make()
      const exporter = create({}, { metrics: {}, resourceLabels: { service: true, release } })
      exporter.encode(snapshot(series))
      exporter.encodeOnly(snapshot(series), 'values', new Set(series.map(({ key }) => key)))
      expect(series).toEqual(make())
    }
  },
}
