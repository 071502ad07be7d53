import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromRuns, toRuns } from '../../../worker/state/runs.ts'

it.each([
  [[], []],
  [[4], [4, 1]],
  [
    [2, 0, 1, 7, 8, 5],
    [0, 3, 5, 1, 7, 2],
  ],
])('%j as runs is %j', (indexes, runs) => {
  expect(toRuns(indexes)).toEqual(runs)
})

it('gives every index back, once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (indexes) => {
      expect(fromRuns(toRuns(indexes))).toEqual([...new Set(indexes)].sort((a, b) => a - b))
    }),
  )
})
