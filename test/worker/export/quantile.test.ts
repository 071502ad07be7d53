import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHistogram } from '../../../src/protocol/histogram.ts'
import { quantileOf } from '../../../worker/export/quantile.ts'
import { histogramOf } from '../../support/arbitraries.ts'

// A denormal has too few digits for a ratio to mean anything.
const anyNormal = fc
  .double({ min: -1_000, max: 1_000, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-300 ? 0 : value))

it('is within half a bucket of the observation of that rank', () => {
  fc.assert(
    fc.property(
      fc.array(anyNormal, { minLength: 1, maxLength: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1]!
        const histogram = histogramOf(values)
        const found = quantileOf(histogram, q)!
        const bound = 2 ** (0.5 * 2 ** -histogram.scale) * (1 + 1e-9)
        expect(Math.sign(found)).toBe(exact === 0 ? 0 : Math.sign(exact))
        const ratio = exact === 0 ? 1 : Math.max(found / exact, exact / found)
        expect(ratio).toBeLessThanOrEqual(bound)
      },
    ),
  )
})

it('is nothing for an empty histogram', () => {
  expect(quantileOf(createHistogram(), 0.5)).toBeUndefined()
})
