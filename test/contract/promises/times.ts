import { expect } from 'vitest'
import type { ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf, histogramOf } from '../snapshots.ts'

const WINDOWS = [
  [10_000, 20_000],
  [1_790_000_000_000, 1_790_000_015_000],
] as const

export const times: ExporterPromise = {
  what: 'gives every value the time of its flush, and every delta its window',
  check: ({ exporter, snapshot, decode }) => {
    for (const [previousMs, timeMs] of WINDOWS) {
      const series = [counterOf('clicks', 1), histogramOf('latency', [1])]
      const flush = { ...snapshot([...series, gaugeOf('level', 1)]), previousMs, timeMs }
      const found = exporter.encode(flush).flatMap(({ requests }) => requests.flatMap(decode))
      for (const one of found) expect(one.timeMs ?? timeMs).toBe(timeMs)
      if (exporter.temporality === 'cumulative') continue
      const windows = exporter.encode({ ...flush, series }).flatMap(({ requests }) => requests.flatMap(decode))
      for (const { startMs } of windows) expect(startMs || previousMs).toBe(previousMs)
    }
  },
}
