import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { quantileOf } from '../../../../worker/destinations/shared/quantile.ts'
import { type HistogramRow, rowsOf } from '../../../../worker/destinations/shared/rows.ts'
import { histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const rowOf = (values: readonly number[]): HistogramRow =>
  rowsOf(snapshotOf(histogramOf('h', values)), testConfig())[0]!.row as HistogramRow

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
        const row = rowOf(values)
        const found = quantileOf(row, q)!
        const bound = 2 ** (0.5 * 2 ** -row.scale) * (1 + 1e-9)
        expect(Math.sign(found)).toBe(exact === 0 ? 0 : Math.sign(exact))
        const ratio = exact === 0 ? 1 : Math.max(found / exact, exact / found)
        expect(ratio).toBeLessThanOrEqual(bound)
      },
    ),
  )
})

it('is nothing for an empty histogram', () => {
  expect(quantileOf(rowOf([]), 0.5)).toBeUndefined()
})
