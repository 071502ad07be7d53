import { expect, it } from 'vitest'
import { emitRules } from '../../../tools/catalog/emit-rules.ts'
import { catalog } from './shop.ts'

it('writes rules', () => {
  expect(emitRules(catalog)).toMatchInlineSnapshot(`
    "# Made from the metric catalog by pharos-catalog. A start: choose the thresholds, and what is worth an alert.
    # For classic histograms; of native ones the percentile is histogram_quantile(0.75, sum by (service) (rate(<metric>[5m]))).
    groups:
      - name: pharos-catalog
        rules:
          - record: service_member_page:checkout_clicks:increase1h
            expr: "sum by (service, member, page) (last_over_time(checkout_clicks_total[1h]) - (last_over_time(checkout_clicks_total[1h] offset 1h) <= min_over_time(checkout_clicks_total[1h]) or min_over_time(checkout_clicks_total[1h])))"
          - record: service_member_page:checkout_clicks:rate5m
            expr: "sum by (service, member, page) (rate(checkout_clicks_total[5m]))"
          - record: service_cached:search_duration_seconds:count_increase1h
            expr: "sum by (service, cached) (last_over_time(search_duration_seconds_count[1h]) - (last_over_time(search_duration_seconds_count[1h] offset 1h) <= min_over_time(search_duration_seconds_count[1h]) or min_over_time(search_duration_seconds_count[1h])))"
          - record: service_cached:search_duration_seconds:count_rate5m
            expr: "sum by (service, cached) (rate(search_duration_seconds_count[5m]))"
          - record: service_cached:search_duration_seconds:p75_rate5m
            expr: "histogram_quantile(0.75, sum by (le, service, cached) (rate(search_duration_seconds_bucket[5m])))"
          - record: service_exported_service_http_route:odd_bytes:increase1h
            expr: "sum by (service, exported_service, http_route) (last_over_time(odd_bytes_total[1h]) - (last_over_time(odd_bytes_total[1h] offset 1h) <= min_over_time(odd_bytes_total[1h]) or min_over_time(odd_bytes_total[1h])))"
          - record: service_exported_service_http_route:odd_bytes:rate5m
            expr: "sum by (service, exported_service, http_route) (rate(odd_bytes_total[5m]))"
          - record: service_exported_le:reply_size_bytes:count_increase1h
            expr: "sum by (service, exported_le) (last_over_time(reply_size_bytes_count[1h]) - (last_over_time(reply_size_bytes_count[1h] offset 1h) <= min_over_time(reply_size_bytes_count[1h]) or min_over_time(reply_size_bytes_count[1h])))"
          - record: service_exported_le:reply_size_bytes:count_rate5m
            expr: "sum by (service, exported_le) (rate(reply_size_bytes_count[5m]))"
          - record: service_exported_le:reply_size_bytes:p75_rate5m
            expr: "histogram_quantile(0.75, sum by (le, service, exported_le) (rate(reply_size_bytes_bucket[5m])))"
          - record: service:score:count_increase1h
            expr: "sum by (service) (last_over_time(score_count[1h]) - (last_over_time(score_count[1h] offset 1h) <= min_over_time(score_count[1h]) or min_over_time(score_count[1h])))"
          - record: service:score:count_rate5m
            expr: "sum by (service) (rate(score_count[5m]))"
          - record: service:score:p75_rate5m
            expr: "histogram_quantile(0.75, sum by (le, service) (rate(score_bucket[5m])))"
      - name: pharos-catalog-alerts
        rules:
          - alert: CheckoutClicksStopped
            expr: "sum by (service) (service_member_page:checkout_clicks:rate5m offset 1d) > 0 unless sum by (service) (service_member_page:checkout_clicks:rate5m) > 0"
            for: 1h
            labels:
              severity: info
            annotations:
              summary: "Nothing for an hour, unlike the day before. Clicks on the checkout button."
          - alert: SearchDurationHigh
            expr: "service_cached:search_duration_seconds:p75_rate5m > 1"
            for: 15m
            labels:
              severity: info
            annotations:
              summary: "The 75th percentile is above 1 s. How long a search took."
          - alert: OddStopped
            expr: "sum by (service) (service_exported_service_http_route:odd_bytes:rate5m offset 1d) > 0 unless sum by (service) (service_exported_service_http_route:odd_bytes:rate5m) > 0"
            for: 1h
            labels:
              severity: info
            annotations:
              summary: "Nothing for an hour, unlike the day before. A | b, \`c\`, *d* {{ \\"{{\\" }} .Labels.service }}\\n\\"e\\" \\\\ \\u2028 é 😀 <b>&amp;"
    "
  `)
})

it('writes no group without metrics', () => {
  expect(emitRules({}).split('\n').slice(2)).toEqual(['groups: []', ''])
})
