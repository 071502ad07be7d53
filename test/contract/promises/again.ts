import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { SeriesPhase } from '../../../worker/model/types.ts'
import { anyCounters } from '../arbitraries.ts'
import { always, type ExporterPromise } from '../promise.ts'

const phases: Readonly<Record<string, readonly SeriesPhase[]>> = {
  cumulative: ['new', 'live', 'ending'],
  delta: ['live'],
}

export const again: ExporterPromise = {
  what: 'gives every request of every step again, byte for byte, from its keys',
  check: ({ create, exporter, snapshot }) => {
    const phase = fc.constantFrom(...phases[exporter.temporality]!)
    always(
      fc.property(
        anyCounters,
        fc.array(phase, { minLength: 40, maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (counters, phases, maxSeriesPerRequest) => {
          const small = create({ maxSeriesPerRequest })
          const flush = snapshot(counters.map((one, i) => ({ ...one, phase: phases[i]! })))
          for (const { name, requests } of small.encode(flush))
            for (const request of requests)
              expect(small.encodeOnly(flush, name, new Set(request.keys))).toEqual([request])
        },
      ),
    )
  },
}
