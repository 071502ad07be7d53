import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emitRules } from '../../tools/catalog/emit-rules.ts'
import { catalog } from '../tools/catalog/shop.ts'
import { runPromtool } from '../support/promtool.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pharos-rules-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** JSON is YAML, but for what YAML 1.1 takes for the end of a line. */
const write = async (name: string, content: unknown): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content).replaceAll('\u2028', '\\u2028'))
  return file
}

const series = (series: string, values: string): object => ({ series, values })

/** Two days of a shop, a sample a minute: clicks end after the first; a search of four takes between 1 and 3 seconds. */
const shopTests = {
  rule_files: ['shop.yml'],
  evaluation_interval: '1m',
  tests: [
    {
      interval: '1m',
      input_series: [
        series(
          'checkout_clicks_total{service="shop",release="1",page="/cart",member="true",campaign="a"}',
          '0+60x1440',
        ),
        series(
          'checkout_clicks_total{service="shop",release="2",page="/cart",member="true",campaign="b"}',
          '0+30x1440',
        ),
        series('checkout_clicks_total{service="shop",release="1",page="/basket",member="true"}', '0+6x1440'),
        ...Object.entries({ 0.1: 0, 0.3: 0, 1: 2, 3: 4, '+Inf': 4 }).map(([le, each]) =>
          series(`search_duration_seconds_bucket{service="shop",cached="true",le="${le}"}`, `0+${each}x2880`),
        ),
        series('search_duration_seconds_count{service="shop",cached="true"}', '0+4x2880'),
        series('odd_bytes_total{service="shop"}', '0+6x1440'),
      ],
      promql_expr_test: [
        {
          expr: 'service_member_page:checkout_clicks:rate5m',
          eval_time: '12h',
          exp_samples: [
            {
              labels: 'service_member_page:checkout_clicks:rate5m{service="shop",member="true",page="/cart"}',
              value: 1.5,
            },
            {
              labels: 'service_member_page:checkout_clicks:rate5m{service="shop",member="true",page="/basket"}',
              value: 0.1,
            },
          ],
        },
        {
          expr: 'service_member_page:checkout_clicks:increase1h',
          eval_time: '12h',
          exp_samples: [
            {
              labels: 'service_member_page:checkout_clicks:increase1h{service="shop",member="true",page="/cart"}',
              value: 5_400,
            },
            {
              labels: 'service_member_page:checkout_clicks:increase1h{service="shop",member="true",page="/basket"}',
              value: 360,
            },
          ],
        },
        // Hours in a row add up to everything since the first minute.
        {
          expr: 'sum(sum_over_time(service_member_page:checkout_clicks:increase1h[1d:1h]))',
          eval_time: '24h',
          exp_samples: [{ labels: '{}', value: 96 * 1_440 }],
        },
        {
          expr: 'service_cached:search_duration_seconds:count_increase1h',
          eval_time: '12h',
          exp_samples: [
            {
              labels: 'service_cached:search_duration_seconds:count_increase1h{service="shop",cached="true"}',
              value: 240,
            },
          ],
        },
        {
          expr: 'service_cached:search_duration_seconds:p75_rate5m',
          eval_time: '12h',
          // Half way from 1 to 3: the third of four, of which two lie between.
          exp_samples: [
            { labels: 'service_cached:search_duration_seconds:p75_rate5m{service="shop",cached="true"}', value: 2 },
          ],
        },
        {
          expr: 'service_cached:search_duration_seconds:count_rate5m * 60',
          eval_time: '12h',
          exp_samples: [{ labels: '{service="shop",cached="true"}', value: 4 }],
        },
      ],
      alert_rule_test: [
        { alertname: 'CheckoutClicksStopped', eval_time: '23h', exp_alerts: [] },
        {
          alertname: 'CheckoutClicksStopped',
          eval_time: '26h',
          exp_alerts: [
            {
              exp_labels: { service: 'shop', severity: 'info' },
              exp_annotations: {
                summary: 'Nothing for an hour, unlike the day before. Clicks on the checkout button.',
              },
            },
          ],
        },
        {
          alertname: 'OddStopped',
          eval_time: '26h',
          exp_alerts: [
            {
              exp_labels: { service: 'shop', severity: 'info' },
              exp_annotations: { summary: `Nothing for an hour, unlike the day before. ${catalog._odd.help}` },
            },
          ],
        },
        {
          alertname: 'SearchDurationHigh',
          eval_time: '12h',
          exp_alerts: [
            {
              exp_labels: { service: 'shop', cached: 'true', severity: 'info' },
              exp_annotations: { summary: 'The 75th percentile is above 1 s. How long a search took.' },
            },
          ],
        },
      ],
    },
  ],
}

describe('emitRules, as Prometheus reads it', () => {
  it('is a file of rules without a mistake', async () => {
    const file = await write('shop.yml', emitRules(catalog))
    expect(await runPromtool(['check', 'rules', '--lint=all', '--lint-fatal', file])).toContain(
      'SUCCESS: 16 rules found',
    )
    const empty = await write('empty.yml', emitRules({}))
    expect(await runPromtool(['check', 'rules', empty])).toContain('SUCCESS: 0 rules found')
  })

  it('records rates and percentiles, and alerts', async () => {
    await write('shop.yml', emitRules(catalog))
    const file = await write('test.yml', shopTests)
    expect(await runPromtool(['test', 'rules', file])).toContain('SUCCESS')
  })
})
