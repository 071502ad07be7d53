import { describe, expect, it } from 'vitest'
import { encodeExposition } from '../../../../worker/destinations/prometheus/exposition.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'

const config = testConfig({
  metrics: {
    'checkout.clicks': { help: 'Clicks on "buy"\nor \\ else' },
    'search.duration': { unit: 's', buckets: [0.5, 1] },
  },
})

const snapshot = snapshotOf(
  gaugeOf('pharos.export_lag', 2.5, { attributes: { destination: 'main' } }),
  histogramOf('search.duration', [0.25, 0.75, 4], { service: 'shop', startMs: 1_500 }),
  counterOf('checkout.clicks', 3, { attributes: { page: '/a "b"\\' }, startMs: 2_000 }),
  counterOf('checkout.clicks', 1, { attributes: { page: '/' } }),
)

describe('encodeExposition', () => {
  it('writes Prometheus text 0.0.4', () => {
    expect(encodeExposition(snapshot, config, 'text')).toBe(
      String.raw`# HELP checkout_clicks_total Clicks on "buy"\nor \\ else
# TYPE checkout_clicks_total counter
checkout_clicks_total{page="/"} 1
checkout_clicks_total{page="/a \"b\"\\"} 3
# HELP pharos_export_lag_seconds Time since a destination last accepted a push.
# TYPE pharos_export_lag_seconds gauge
pharos_export_lag_seconds{destination="main"} 2.5
# HELP search_duration_seconds search.duration
# TYPE search_duration_seconds histogram
search_duration_seconds_bucket{le="0.5",service="shop"} 1
search_duration_seconds_bucket{le="1",service="shop"} 2
search_duration_seconds_bucket{le="+Inf",service="shop"} 3
search_duration_seconds_sum{service="shop"} 5
search_duration_seconds_count{service="shop"} 3
`,
    )
  })

  it('writes OpenMetrics 1.0', () => {
    expect(encodeExposition(snapshot, config, 'openmetrics')).toBe(
      String.raw`# TYPE checkout_clicks counter
# HELP checkout_clicks Clicks on \"buy\"\nor \\ else
checkout_clicks_total{page="/"} 1
checkout_clicks_created{page="/"} 1
checkout_clicks_total{page="/a \"b\"\\"} 3
checkout_clicks_created{page="/a \"b\"\\"} 2
# TYPE pharos_export_lag_seconds gauge
# UNIT pharos_export_lag_seconds seconds
# HELP pharos_export_lag_seconds Time since a destination last accepted a push.
pharos_export_lag_seconds{destination="main"} 2.5
# TYPE search_duration_seconds histogram
# UNIT search_duration_seconds seconds
# HELP search_duration_seconds search.duration
search_duration_seconds_bucket{le="0.5",service="shop"} 1
search_duration_seconds_bucket{le="1",service="shop"} 2
search_duration_seconds_bucket{le="+Inf",service="shop"} 3
search_duration_seconds_sum{service="shop"} 5
search_duration_seconds_count{service="shop"} 3
search_duration_seconds_created{service="shop"} 1.5
# EOF
`,
    )
  })

  it('keeps family names apart in OpenMetrics, where a counter has no _total', () => {
    const text = encodeExposition(
      snapshotOf(counterOf('x', 1), gaugeOf('x', 2), counterOf('_', 3)),
      config,
      'openmetrics',
    )
    expect(text).toBe(`# TYPE total unknown
# HELP total _
total 3
# TYPE x gauge
# HELP x x
x 2
# TYPE x_total unknown
# HELP x_total x
x_total 1
# EOF
`)
  })

  it('gives a name one type in text: the counter its own, the histogram of the same name none', () => {
    const metrics = { 'x.total': { buckets: [1] } }
    const text = encodeExposition(
      snapshotOf(histogramOf('x.total', [0.5]), counterOf('x', 1)),
      testConfig({ metrics }),
      'text',
    )
    expect(text).toBe(`# HELP x_total x
# TYPE x_total counter
x_total 1
x_total_bucket{le="1"} 1
x_total_bucket{le="+Inf"} 1
x_total_sum 0.5
x_total_count 1
`)
  })

  it('writes nothing for nothing', () => {
    expect(encodeExposition(snapshotOf(), config, 'text')).toBe('')
    expect(encodeExposition(snapshotOf(), config, 'openmetrics')).toBe('# EOF\n')
  })
})
