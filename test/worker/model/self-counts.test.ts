import { expect, it } from 'vitest'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { counterKey, createSelfCounts, histogramKey } from '../../../worker/model/self-counts.ts'

it('adds up by series until it is cleared', () => {
  const counts = createSelfCounts()
  const batches = (outcome: string): string => counterKey('pharos.batches', [['outcome', outcome]])
  counts.count(batches('accepted'))
  counts.count(batches('accepted'), 4)
  counts.count(batches('duplicate'))
  counts.observe(histogramKey('pharos.batch_age', []), 0.25)
  counts.observe(histogramKey('pharos.batch_age', []), 2)
  expect(counts.deltas.get(batches('accepted'))).toEqual([5])
  expect(counts.deltas.get(batches('duplicate'))).toEqual([1])
  const age = counts.deltas.get(histogramKey('pharos.batch_age', [])) as Histogram
  expect([countOf(age), age.sum]).toEqual([2, [2.25]])
  counts.clear()
  expect(counts.deltas.size).toBe(0)
})
