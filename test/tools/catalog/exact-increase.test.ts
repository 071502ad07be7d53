import { expect, it } from 'vitest'
import { exactIncrease } from '../../../tools/catalog/exact-increase.ts'

// docs/QUERIES.md measures the values; test/e2e/queries.test.ts runs the expression on Prometheus and VictoriaMetrics.
it.each([
  ['clicks_total', '1h'],
  ['clicks_total{page="/a"}', '5m'],
])('the increase of %s in %s', (series, window) => {
  expect(exactIncrease(series, window)).toBe(
    `last_over_time(${series}[${window}]) - ` +
      `(last_over_time(${series}[1h] offset ${window}) <= min_over_time(${series}[${window}]) or min_over_time(${series}[${window}]))`,
  )
})
