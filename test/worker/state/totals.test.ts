import { describe, expect, it } from 'vitest'
import { recordValue, createHistogram } from '../../../src/protocol/histogram.ts'
import { parseSeriesKey } from '../../../worker/model/series-key.ts'
import { createTotals } from '../../../worker/state/totals.ts'
import { exactly } from '../flush/exact.ts'
import { key } from '../aggregator/rig.ts'

const clicks = key('clicks')

describe('totals', () => {
  it('add up exactly and remember when a series began and changed', () => {
    const totals = createTotals()
    totals.add(clicks, [0.1], 10)
    totals.add(clicks, [0.2], 20)
    totals.add(clicks, [1e100], 30)
    totals.add(clicks, [-1e100], 40)
    const kept = totals.get(clicks)!
    expect(exactly(kept.total)).toBe(exactly([0.1, 0.2]))
    expect(kept).toMatchObject({ key: clicks, series: parseSeriesKey(clicks), startMs: 10, changedMs: 40 })
  })

  it('never change what they gave or were given', () => {
    const totals = createTotals()
    const histogram = createHistogram()
    recordValue(histogram, 1)
    const timing = key('timing', '/', 'histogram')
    totals.add(timing, histogram, 1)
    const given = totals.get(timing)!
    const before = exactly(given.total)
    totals.add(timing, histogram, 2)
    totals.add(timing, histogram, 3)
    expect(exactly(given.total)).toEqual(before)
    expect(given.changedMs).toBe(1)
    expect(exactly(totals.get(timing)!.total)).toMatchObject({ sum: exactly([3]) })
    expect(exactly(histogram)).toEqual(before)
  })

  it('begin again from zero when a series returns after an end was settled', () => {
    const totals = createTotals()
    totals.add(clicks, [5], 1)
    totals.zeroSent(clicks, 'a')
    totals.zeroSent(clicks, 'b')
    totals.zeroSent(clicks, 'b')
    expect(totals.get(clicks)).toMatchObject({ zeroSentTo: ['a', 'b'] })
    totals.endSent(clicks, 'a')
    totals.add(clicks, [2], 9)
    expect(totals.get(clicks)).toMatchObject({ total: [2], startMs: 9, zeroSentTo: [], endSentTo: [] })
  })

  it('rebuild from their own changes', () => {
    const totals = createTotals()
    totals.add(clicks, [5], 1)
    totals.zeroSent(clicks, 'a')
    totals.add(key('views'), [1e300, 1], 2)
    const copy = createTotals()
    for (const change of totals.changes())
      if (change.type === 'series') copy.restore(change.key, change.total, change.state)
    expect([...copy.all()]).toEqual([...totals.all()])
  })

  it('forget a destination and a series', () => {
    const totals = createTotals()
    totals.add(clicks, [5], 1)
    totals.zeroSent(clicks, 'a')
    totals.zeroSent(clicks, 'b')
    totals.forget('a')
    expect(totals.get(clicks)?.zeroSentTo).toEqual(['b'])
    totals.remove(clicks)
    totals.zeroSent(clicks, 'b')
    totals.endSent(clicks, 'b')
    expect([totals.has(clicks), totals.size(), totals.get(clicks)]).toEqual([false, 0, undefined])
  })
})
