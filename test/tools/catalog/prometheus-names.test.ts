import { describe, expect, it } from 'vitest'
import { counter, histogram } from '../../../src/catalog/define-catalog.ts'
import { findClashes, prometheusMetrics } from '../../../tools/catalog/prometheus-names.ts'
import type { Catalog } from '../../../src/catalog/types.ts'
import { catalog } from './shop.ts'

const count = counter({ help: 'A count.' })
const distribution = histogram({ help: 'A distribution.' })

describe('prometheusMetrics', () => {
  it('names series and the labels with few values as the worker does', () => {
    const named = prometheusMetrics(catalog).map(({ prometheusName, boundedLabels }) => [prometheusName, boundedLabels])
    expect(Object.fromEntries(named)).toEqual({
      checkout_clicks_total: ['member', 'page'],
      search_duration_seconds: ['cached'],
      odd_bytes_total: ['exported_service', 'http_route'],
      reply_size_bytes: ['exported_le'],
      score: [],
    })
  })
})

describe('findClashes', () => {
  it.each<[Catalog, string | undefined]>([
    [catalog, undefined],
    [{ a: count, 'a.b': count, b: distribution }, undefined],
    [{ a: count, a_count: distribution }, undefined],
    [{ 'a.b': count, a_b: count }, '"a.b" and "a_b" are both a_b_total in Prometheus: rename one'],
    [{ a: count, 'a.total': count }, '"a" and "a.total" are both a_total in Prometheus: rename one'],
    [{ a: distribution, 'a.sum': distribution }, '"a" and "a.sum" are both a_sum in Prometheus: rename one'],
    [{ 'a.bucket': distribution, a: distribution }, '"a.bucket" and "a" are both a_bucket in Prometheus: rename one'],
  ])('finds what is one in Prometheus: %j', (metrics, clash) => {
    expect(findClashes(metrics)).toEqual(clash === undefined ? [] : [clash])
  })
})
