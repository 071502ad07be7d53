import { describe, expect, it } from 'vitest'
import { checkValue, type DroppedValue } from '../../../src/check/index.ts'
import { said } from './said.ts'

const DROPPED = 'The call is dropped (bad_value).'

describe('the check of a dropped value', () => {
  it.each<[DroppedValue['kind'], unknown, string]>([
    ['histogram', undefined, `there is no value. ${DROPPED} Give a finite number.`],
    ['histogram', '0.2', `the value is the text "0.2". ${DROPPED} Write Number(value).`],
    ['counter', 3n, `the value is a bigint. ${DROPPED} Write Number(value).`],
    [
      'counter',
      { page: '/' },
      `the value is an object. ${DROPPED} Attributes come third: increment(name, 1, attributes).`,
    ],
    ['histogram', {}, `the value is an object. ${DROPPED} Give a finite number.`],
    ['counter', null, `the value is null. ${DROPPED} Give a finite number.`],
    ['counter', true, `the value is true. ${DROPPED} Give a finite number.`],
    ['histogram', NaN, `the value is NaN. ${DROPPED} Check the calculation that it comes from.`],
    ['histogram', -Infinity, `the value is -Infinity. ${DROPPED} Give a finite number.`],
    [
      'counter',
      -2,
      `the value is -2, and a counter only grows. ${DROPPED} Use one counter for increases and one for decreases.`,
    ],
    ['histogram', 1e291, `the value is 1e+291, beyond 1e+290. ${DROPPED} Record base units.`],
    [
      'counter',
      9e289,
      `with the value 9e+289, the sum of what is not sent yet would be beyond 1e+294. ${DROPPED} Record base units.`,
    ],
  ])('%s: %s', (kind, value, text) => {
    expect(said((say) => checkValue({ kind, head: '["cart.items",', value }, say))).toEqual([
      `${kind} "cart.items": ${text}`,
    ])
  })
})
