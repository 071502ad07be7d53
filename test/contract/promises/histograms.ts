import * as fc from 'fast-check'
import { expect } from 'vitest'
import { anyValues } from '../arbitraries.ts'
import { always, type ExporterPromise } from '../promise.ts'
import { histogramOf } from '../snapshots.ts'

export const histograms: ExporterPromise = {
  what: 'keeps count and sum of every histogram',
  check: (harness) => {
    always(
      fc.property(anyValues, (values) => {
        const sum = values.reduce((total, value) => total + value, 0)
        expect(harness.histogramOf(harness.read([histogramOf('latency', values)]))).toEqual({
          count: values.length,
          sum,
        })
      }),
    )
  },
}
