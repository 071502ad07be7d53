import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime, utcParts } from '../../../../worker/destinations/shared/utc.ts'

it('is what Date says, to the year 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(10_000, 0) - 1 }), (timeMs) => {
      expect(isoTime(timeMs)).toBe(new Date(timeMs).toISOString())
    }),
    { numRuns: 1_000 },
  )
})

it.each(['1970-01-01', '2000-02-29', '2026-12-31', '2028-02-29', '2100-02-28', '2100-03-01', '9999-12-31'])(
  'knows %s, from its first to its last millisecond',
  (day) => {
    const startMs = Date.parse(day)
    expect(isoTime(startMs)).toBe(`${day}T00:00:00.000Z`)
    expect(isoTime(startMs + 86_399_999)).toBe(`${day}T23:59:59.999Z`)
  },
)

it('gives the parts with leading zeros', () => {
  expect(utcParts(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toEqual({
    yyyy: '2026',
    mm: '01',
    dd: '02',
    hh: '03',
    min: '04',
    ss: '05',
    ms: '006',
  })
})
