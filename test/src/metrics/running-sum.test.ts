import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToSum, createRunningSum, takeSum } from '../../../src/metrics/running-sum.ts'
import { addExact } from '../../../src/protocol/exact-sum.ts'
import { MAX_SUM, MAX_VALUE } from '../../../src/protocol/limits.ts'
import { anyValue } from '../../support/arbitraries.ts'
import { unitsOf } from '../../support/rationals.ts'

describe('running sum', () => {
  it('is exact, whatever is added', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 200 }), (values) => {
        const sum = createRunningSum()
        for (const value of values) expect(addToSum(sum, value)).toBe(true)
        expect(unitsOf(takeSum(sum))).toBe(unitsOf(values))
      }),
    )
  })

  it('has the parts that an exact sum has, and starts again', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), fc.array(anyValue, { maxLength: 20 }), (first, second) => {
        const sum = createRunningSum()
        for (const value of first) addToSum(sum, value)
        takeSum(sum)
        for (const value of second) addToSum(sum, value)
        const expected: number[] = []
        for (const part of takeSum(sum)) addExact(expected, part)
        expect(unitsOf(expected)).toBe(unitsOf(second))
        expect(takeSum(sum)).toEqual([])
      }),
    )
  })

  it.each([NaN, Infinity, -Infinity, 2e290, -2e290])('refuses %s and stays as it was', (value) => {
    const sum = createRunningSum()
    addToSum(sum, 7)
    expect(addToSum(sum, value)).toBe(false)
    expect(takeSum(sum)).toEqual([7])
  })

  it('never grows beyond the wire', () => {
    const sum = createRunningSum()
    let accepted = 0
    for (let i = 0; i < 10_100; i++) if (addToSum(sum, MAX_VALUE)) accepted++
    expect(accepted).toBeGreaterThan(9_990)
    expect(accepted).toBeLessThan(10_100)
    for (const part of takeSum(sum)) expect(part).toBeLessThanOrEqual(MAX_SUM)
  })
})
