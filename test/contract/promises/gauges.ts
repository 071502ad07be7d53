import * as fc from 'fast-check'
import { expect } from 'vitest'
import { always, type ExporterPromise } from '../promise.ts'
import { counterOf, gaugeOf } from '../snapshots.ts'

export const gauges: ExporterPromise = {
  what: 'sends every gauge once in every flush, with the value that it has now',
  check: ({ exporter, decode, snapshot }) => {
    const { temporality, resolutionMs = 1 } = exporter
    always(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 3 }), (values) => {
        for (const [i, value] of values.entries()) {
          const phase = i === 0 && temporality === 'cumulative' ? 'new' : 'live'
          const timeMs = 20_000 + 10_000 * i
          const series = [gaugeOf('level', value, { phase, attributes: { of: 'tank' } }), counterOf('clicks', 1)]
          const steps = exporter.encode({ ...snapshot(series), timeMs, previousMs: timeMs - 10_000 })
          const found = steps
            .flatMap(({ requests }) => requests)
            .flatMap(decode)
            .filter(({ labels }) => Object.values(labels).includes('tank'))
          expect(found.map(({ value }) => value)).toEqual([value])
          expect(found[0]!.timeMs ?? timeMs).toBe(timeMs - (timeMs % resolutionMs))
        }
      }),
    )
  },
}
