import { expect, it } from 'vitest'
import { attempt } from '../../../src/browser/attempt.ts'

it.each<[string, ((input: number) => number) | undefined, number | undefined]>([
  ['what the function makes of it', (input) => input + 1, 2],
  ['undefined where there is no function', undefined, undefined],
  [
    'undefined where it throws',
    () => {
      throw new Error('of the page')
    },
    undefined,
  ],
])('is %s', (_what, run, wanted) => {
  expect(attempt(run, 1)).toBe(wanted)
})
