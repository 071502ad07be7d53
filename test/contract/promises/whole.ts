import * as fc from 'fast-check'
import { expect } from 'vitest'
import { anyCounters } from '../arbitraries.ts'
import { outputSeries } from '../harness.ts'
import { always, type ExporterPromise } from '../promise.ts'

export const whole: ExporterPromise = {
  what: 'keeps the whole of the series that it adds up, with any names and values',
  check: ({ read }) => {
    always(
      fc.property(anyCounters, (series) => {
        const sum = series.reduce((total, one) => total + ((one.total as number[])[0] ?? 0), 0)
        const found = read(series)
        expect(found.reduce((total, { value }) => total + Number(value), 0)).toBe(sum)
        expect(new Set(found.map(outputSeries)).size).toBe(found.length)
      }),
    )
  },
}
