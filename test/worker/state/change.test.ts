import { expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import { decodeChange, encodeChange, type Change } from '../../../worker/state/change.ts'
import type { Delta } from '../../../worker/model/types.ts'

const histogram = (): Delta => {
  const all = createHistogram()
  for (const value of [0, 0.5, -2]) recordValue(all, value)
  return all
}
const state = { startMs: 1, changedMs: 2, introduced: ['a'], ended: [] }

it.each<[Change]>([
  [['at', 5]],
  [['add', 'k', [1, 0.5]]],
  [['add', 'k', histogram()]],
  [['series', 'k', histogram(), state]],
  [['track', 't', 5]],
  [['pending', 't', 'k', histogram()]],
  [['freeze', 't', 'd', { timeMs: 5, gauges: [['g', [1]]] }]],
  [['settle', 't', 'd', { doubt: [[0, 2]], back: [2, 1] }]],
  [['frozen', 't', 'd', { startMs: 1, timeMs: 5 }]],
  [['frozen', 't', 'd', { startMs: 1, timeMs: 5, doubt: [[0, 1]] }]],
  [['frozen-series', 't', 'd', 'k', histogram()]],
  [['letter', 'd', 'k', { reason: 'r', timeMs: 5, delta: histogram() }]],
  [['letter', 'd', 'k', { reason: 'r', timeMs: 5 }]],
  [['override', { flushIntervalMs: 5 }]],
])('%j is the same after storage', (change) => {
  expect(decodeChange(JSON.parse(JSON.stringify(encodeChange(change))) as unknown[])).toEqual(change)
})
