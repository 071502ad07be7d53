import { expect, it } from 'vitest'
import { checkFailure } from '../../../src/check/index.ts'
import { said, throwing } from './said.ts'

const ADVICE = 'Pass plain values to init(), and look for code in the page that replaces built-in functions.'

it.each([
  [new TypeError('no'), 'TypeError: no.'],
  [new Error('It ended.'), 'Error: It ended.'],
  [new TypeError(`${String(undefined)} is not a function`), 'TypeError: <not set> is not a function.'],
  ['a text', 'a text.'],
  [throwing('toString'), 'an error without a text.'],
])('says why a beacon could not start %#', (error, shown) => {
  expect(said((say) => checkFailure(error, say))).toEqual([
    `the beacon could not start, so nothing is recorded: ${shown} ${ADVICE}`,
  ])
})
