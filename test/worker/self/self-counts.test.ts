import { expect, it } from 'vitest'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { seriesKey } from '../../../worker/aggregate/series-key.ts'
import { createSelfCounts, selfSeries } from '../../../worker/self/self-counts.ts'

it('adds up by series until it is cleared', () => {
  const counts = createSelfCounts()
  counts.count('pharos.batches', [['outcome', 'accepted']])
  counts.count('pharos.batches', [['outcome', 'accepted']], 4)
  counts.count('pharos.batches', [['outcome', 'duplicate']])
  counts.observe('pharos.batch_age', [], 0.25)
  counts.observe('pharos.batch_age', [], 2)
  const key = (outcome: string): string => seriesKey(selfSeries('counter', 'pharos.batches', [['outcome', outcome]]))
  expect(counts.deltas.get(key('accepted'))).toEqual([5])
  expect(counts.deltas.get(key('duplicate'))).toEqual([1])
  const age = counts.deltas.get(seriesKey(selfSeries('histogram', 'pharos.batch_age', []))) as Histogram
  expect([countOf(age), age.sum]).toEqual([2, [2.25]])
  counts.clear()
  expect(counts.deltas.size).toBe(0)
})
