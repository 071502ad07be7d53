import { expect, it } from 'vitest'
import { createHistogram, recordValue } from '../../../src/protocol/histogram.ts'
import { waitingBytes } from '../../../worker/flush/waiting-bytes.ts'

it('grows with names and with buckets', () => {
  const histogram = createHistogram()
  for (let i = 1; i <= 100; i++) recordValue(histogram, i)
  const counter = waitingBytes(new Map([['k', [1]]]))
  expect(waitingBytes(new Map())).toBe(0)
  expect(waitingBytes(new Map([['k'.repeat(101), [1]]]))).toBe(counter + 100)
  expect(waitingBytes(new Map([['k', histogram]]))).toBeGreaterThan(counter + 1_000)
})
