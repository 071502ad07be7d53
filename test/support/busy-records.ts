import type { PageRecord } from './page-plan.ts'

/** Series of a busy page, for which Pharos promises two hours offline without a drop. */
export const BUSY_SERIES = 210

/** How many of them are histograms. */
const HISTOGRAMS = 50

/** Records a second of a busy page. */
export const BUSY_RATE = 220

const COUNTER = 'shop.cart.items'

export const BUSY_HISTOGRAM = 'shop.search.duration'

/** The nth record of a busy page, from 0. It is the same in every engine, so a page only has to tell how many there were. */
export function busyRecord(n: number): PageRecord {
  const series = n % BUSY_SERIES
  const attributes = { page: '/search', part: `${series}` }
  return series < HISTOGRAMS
    ? { call: 'observe', name: BUSY_HISTOGRAM, value: (1 + ((n * 7_919) % 9_973)) / 1_000, attributes }
    : { call: 'increment', name: COUNTER, value: 1, attributes }
}
