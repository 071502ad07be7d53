import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metadataOf } from '../../../../worker/model/built-in-metrics.ts'
import {
  labelName,
  metricName,
  unitName,
  utf8LabelName,
  utf8MetricName,
} from '../../../../worker/destinations/prometheus/names.ts'
import type { MetricKind } from '../../../../worker/model/types.ts'

describe('metricName', () => {
  it.each<[string, MetricKind, string, string]>([
    ['checkout.clicks', 'counter', '', 'checkout_clicks_total'],
    ['beacon.cpu.time', 'counter', 's', 'beacon_cpu_time_seconds_total'],
    ['requests.total', 'counter', '', 'requests_total'],
    ['total.requests', 'counter', '', 'requests_total'],
    ['views', 'counter', '{page}', 'views_total'],
    ['queue.size', 'gauge', '', 'queue_size'],
    ['queue.fill', 'gauge', '1', 'queue_fill_ratio'],
    ['queue.ratio', 'gauge', '1', 'queue_ratio'],
    ['cache.hits', 'histogram', '1', 'cache_hits_ratio'],
    ['cache.hits', 'counter', '1', 'cache_hits_total'],
    ['search.duration', 'histogram', 's', 'search_duration_seconds'],
    ['search.seconds', 'histogram', 's', 'search_seconds'],
    ['payload', 'histogram', 'By', 'payload_bytes'],
    ['payload.bytes.sent', 'histogram', 'By', 'payload_bytes_sent'],
    ['throughput', 'gauge', 'By/s', 'throughput_bytes_per_second'],
    ['rate', 'gauge', '{request}/s', 'rate_per_second'],
    ['room', 'gauge', 'Cel', 'room_celsius'],
    ['odd', 'gauge', 'constructor', 'odd_constructor'],
    ['distance', 'gauge', '[mi_i]', 'distance_mi_i'],
    ['a..b__c', 'gauge', '', 'a_b_c'],
    ['_private', 'gauge', '', 'private'],
    ['_1st', 'gauge', '', '_1st'],
    ['_', 'gauge', '', '_'],
    ['_', 'counter', '', 'total'],
    ['constructor', 'counter', '', 'constructor_total'],
  ])('%s as %s of "%s" is %s', (...[name, kind, unit, expected]) => {
    expect(metricName(name, kind, unit)).toBe(expected)
  })

  it('is always a legal name', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,30}$/),
        fc.constantFrom<MetricKind>('counter', 'gauge', 'histogram'),
        fc.constantFrom('', 's', 'By/s', '1', '%', '{x}', '/', '//', '€/€'),
        (name, kind, unit) => {
          expect(metricName(name, kind, unit)).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
        },
      ),
    )
  })

  it.each<[string, MetricKind, string]>([
    ['pharos.beacons', 'counter', 'pharos_beacons_total'],
    ['pharos.batches', 'counter', 'pharos_batches_total'],
    ['pharos.dropped', 'counter', 'pharos_dropped_total'],
    ['pharos.series', 'gauge', 'pharos_series'],
    ['pharos.batch_age', 'histogram', 'pharos_batch_age_seconds'],
    ['pharos.exports', 'counter', 'pharos_exports_total'],
    ['pharos.export_duration', 'histogram', 'pharos_export_duration_seconds'],
    ['pharos.export_lag', 'gauge', 'pharos_export_lag_seconds'],
    ['web_vitals.lcp', 'histogram', 'web_vitals_lcp_seconds'],
    ['web_vitals.cls', 'histogram', 'web_vitals_cls'],
  ])('our own %s is a %s named %s', (name, kind, expected) => {
    expect(metricName(name, kind, metadataOf(name, {}).unit ?? '')).toBe(expected)
  })
})

describe('labelName', () => {
  it.each([
    ['page', 'page'],
    ['http.route', 'http_route'],
    ['otel.metric.overflow', 'otel_metric_overflow'],
    ['_x', 'key_x'],
    ['_.x', 'key__x'],
    ['a..b', 'a__b'],
  ])('%s is %s', (name, expected) => {
    expect(labelName(name)).toBe(expected)
  })
})

describe('utf8MetricName', () => {
  it.each<[string, MetricKind, string, string]>([
    ['checkout.clicks', 'counter', '', 'checkout.clicks_total'],
    ['beacon.cpu.time', 'counter', 's', 'beacon.cpu.time_seconds_total'],
    ['requests.total', 'counter', '', 'requests_total'],
    ['requests_total', 'counter', '', 'requests_total'],
    ['total', 'counter', '', 'total_total'],
    ['subtotal', 'counter', '', 'subtotal_total'],
    ['queue.fill', 'gauge', '1', 'queue.fill_ratio'],
    ['queue.ratio', 'gauge', '1', 'queue.ratio'],
    ['search.seconds', 'histogram', 's', 'search.seconds'],
    ['payload.bytes.sent', 'histogram', 'By', 'payload.bytes.sent'],
    ['throughput', 'gauge', 'By/s', 'throughput_bytes_per_second'],
    ['a..b__c', 'gauge', '', 'a..b__c'],
    ['_', 'counter', '', '__total'],
  ])('%s as %s of "%s" is %s', (...[name, kind, unit, expected]) => {
    expect(utf8MetricName(name, kind, unit)).toBe(expected)
  })
})

describe('utf8LabelName', () => {
  it.each([
    ['http.route', 'http.route'],
    ['_x', '_x'],
    ['__name__', 'key__name__'],
  ])('%s is %s', (name, expected) => {
    expect(utf8LabelName(name)).toBe(expected)
  })
})

describe('unitName', () => {
  it.each([
    ['s', 'seconds'],
    ['By/s', 'bytes_per_second'],
    ['{score}', ''],
    ['1', ''],
    ['', ''],
  ])('"%s" is "%s"', (unit, expected) => {
    expect(unitName(unit)).toBe(expected)
  })
})
