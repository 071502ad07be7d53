import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToSum, createRunningSum, partsOf } from '../../../src/compact/running-sum.ts'
import { MAX_SUM, MAX_VALUE } from '../../../src/protocol/limits.ts'
import { anyValue } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

describe('running sum', () => {
  it('is exact, whatever is added', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 200 }), (values) => {
        const sum = createRunningSum()
        for (const value of values) expect(addToSum(sum, value)).toBe(true)
        expect(unitsOf(partsOf(sum))).toBe(unitsOf(values))
      }),
    )
  })

  it.each([NaN, Infinity, -Infinity, 2e290, -2e290])('refuses %s and stays as it was', (value) => {
    const sum = createRunningSum()
    addToSum(sum, 7)
    expect(addToSum(sum, value)).toBe(false)
    expect(partsOf(sum)).toEqual([7])
  })

  it('never grows beyond the wire', () => {
    const sum = createRunningSum()
    let accepted = 0
    for (let i = 0; i < 10_100; i++) if (addToSum(sum, MAX_VALUE)) accepted++
    expect(accepted).toBeGreaterThan(9_990)
    expect(accepted).toBeLessThan(10_100)
    for (const part of partsOf(sum)) expect(part).toBeLessThanOrEqual(MAX_SUM)
  })
})
