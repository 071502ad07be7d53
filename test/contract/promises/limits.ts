import * as fc from 'fast-check'
import { expect } from 'vitest'
import { anyCounters } from '../arbitraries.ts'
import { always, type ExporterPromise } from '../promise.ts'
import { counterOf } from '../snapshots.ts'

export const limits: ExporterPromise = {
  what: 'fills requests up to maxSeriesPerRequest and no further, and loses no series',
  check: ({ create, decode, read, requestsOf }) => {
    always(
      fc.property(anyCounters, fc.integer({ min: 1, max: 10 }), (series, maxSeriesPerRequest) => {
        const requests = requestsOf(series, create({ maxSeriesPerRequest }))
        for (const request of requests) expect(decode(request).length).toBeLessThanOrEqual(maxSeriesPerRequest)
        expect(requests.flatMap(decode)).toEqual(read(series))
        expect(requests.flatMap(({ keys }) => keys).sort()).toEqual(series.map(({ key }) => key).sort())
      }),
    )
    for (const count of [9, 10, 11]) {
      const series = Array.from({ length: count }, (_, i) => counterOf('clicks', 1, { attributes: { i } }))
      const sizes = requestsOf(series, create({ maxSeriesPerRequest: 5 })).map((request) => decode(request).length)
      expect(sizes).toEqual({ 9: [5, 4], 10: [5, 5], 11: [5, 5, 1] }[count])
    }
  },
}
