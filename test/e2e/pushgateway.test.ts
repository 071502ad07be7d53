import { afterEach, describe, expect, it } from 'vitest'
import type { PushgatewayConfig } from '../../worker/destinations/pushgateway/config.ts'
import { createPushgatewayExporter } from '../../worker/destinations/pushgateway/exporter.ts'
import type { Exporter, ExportRequest, SnapshotSeries } from '../../worker/model/types.ts'
import { testPushgateway } from '../worker/destinations/pushgateway/pushgateway-destination.ts'
import { counterOf, gaugeOf, histogramOf, snapshotOf, testConfig } from '../contract/snapshots.ts'
import { stopPrograms } from '../support/processes.ts'
import { startPrometheus } from '../support/prometheus.ts'
import { type Pushgateway, startPushgateway } from '../support/pushgateway.ts'
import { required } from '../support/requirements.ts'
import { until } from '../support/until.ts'

afterEach(stopPrograms)

const config = testConfig({ metrics: { 'search.duration': { unit: 's', buckets: [0.5, 1] } } })

const exporterTo = ({ url }: Pushgateway, changes: Partial<PushgatewayConfig> = {}): Exporter =>
  createPushgatewayExporter(testPushgateway({ url, ...changes }), config)

/** Sends a request and says what its answer means, with the status. */
async function post(exporter: Exporter, { url, method, headers, body }: ExportRequest): Promise<string> {
  const response = await fetch(url, { method, headers, body })
  const answered = new Uint8Array(await response.arrayBuffer())
  const verdict = exporter.readAnswer({ status: response.status, header: () => undefined, body: answered })
  return `${response.status} ${verdict.type}`
}

async function push(exporter: Exporter, ...series: readonly SnapshotSeries[]): Promise<readonly string[]> {
  const answers: string[] = []
  for (const { requests } of exporter.encode(snapshotOf(...series)))
    for (const request of requests) answers.push(await post(exporter, request))
  return answers
}

/** What was pushed, as the page of the Pushgateway shows it. */
const shown = async (pushgateway: Pushgateway): Promise<Readonly<Record<string, number>>> =>
  Object.fromEntries([...(await pushgateway.read())].filter(([key]) => /job="/.test(key) && !key.startsWith('push_')))

describe('a Pushgateway', () => {
  it('shows what was pushed, and Prometheus reads it there', async (ctx) => {
    const pushgateway = await required(ctx, startPushgateway)
    const exporter = exporterTo(pushgateway, { grouping: { region: 'eu' } })
    const series = [
      counterOf('clicks', 2 ** 53 - 1, { service: 'shop', attributes: { page: '/a "b"\\', text: '€ 😀' } }),
      counterOf('clicks', 1 / 3, { attributes: { job: 'cron', region: 'us', instance: 'i' } }),
      histogramOf('search.duration', [0.25, 0.75, 4]),
      gaugeOf('pharos.series', 3),
    ]
    expect(await push(exporter, ...series)).toEqual(['200 accepted'])
    expect(await push(exporter, ...series)).toEqual(['200 accepted'])
    expect(await shown(pushgateway)).toEqual({
      'clicks_total{instance="",job="pharos",page="/a \\"b\\"\\\\",region="eu",service="shop",text="€ 😀"}':
        2 ** 53 - 1,
      'clicks_total{exported_job="cron",exported_region="us",instance="i",job="pharos",region="eu"}': 1 / 3,
      'search_duration_seconds_bucket{instance="",job="pharos",region="eu",le="0.5"}': 1,
      'search_duration_seconds_bucket{instance="",job="pharos",region="eu",le="1"}': 2,
      'search_duration_seconds_bucket{instance="",job="pharos",region="eu",le="+Inf"}': 3,
      'search_duration_seconds_sum{instance="",job="pharos",region="eu"}': 5,
      'search_duration_seconds_count{instance="",job="pharos",region="eu"}': 3,
      'pharos_series{instance="",job="pharos",region="eu"}': 3,
    })
    const prometheus = await required(ctx, () => startPrometheus({ targets: [new URL(pushgateway.url).host] }))
    await until(
      () => prometheus.value('search_duration_seconds_count{job="pharos",region="eu"}'),
      (value) => value === 3,
    )
    expect(await prometheus.value('clicks_total{service="shop",job="pharos"}')).toBe(2 ** 53 - 1)
    expect(await prometheus.value('sum(search_duration_seconds_sum)')).toBe(5)
  })

  it('forgets what ended, to the last series', async (ctx) => {
    const pushgateway = await required(ctx, startPushgateway)
    const exporter = exporterTo(pushgateway)
    await push(exporter, counterOf('a', 1), counterOf('b', 2))
    await push(exporter, counterOf('a', 1, { phase: 'ending' }), counterOf('b', 3))
    expect(await shown(pushgateway)).toEqual({ 'b_total{instance="",job="pharos"}': 3 })
    expect(await push(exporter, counterOf('b', 3, { phase: 'ending' }))).toEqual(['200 accepted'])
    expect(await shown(pushgateway)).toEqual({})
  })

  it.for([
    ['shop', {}],
    ['web/shop', { path: '/var/tmp', empty: '' }],
    ['..', { name: 'Προμηθεύς', x: '.' }],
    ['a b?c#d%41+e', { y: 'a\\b', z: '{}"' }],
  ] as const)('keeps the group of job %j with %j', async ([job, grouping], ctx) => {
    const pushgateway = await required(ctx, startPushgateway)
    expect(await push(exporterTo(pushgateway, { job, grouping }), counterOf('a', 1))).toEqual(['200 accepted'])
    const response = await fetch(`${pushgateway.url}/api/v1/metrics`)
    const { data } = (await response.json()) as { data: readonly { labels: Record<string, string> }[] }
    expect(data.map(({ labels }) => labels)).toEqual([{ job, ...grouping }])
  })

  it('refuses a family that has another type in another group; the others come through in parts', async (ctx) => {
    const pushgateway = await required(ctx, startPushgateway)
    expect(await push(exporterTo(pushgateway, { job: 'other' }), gaugeOf('b', 9))).toEqual(['200 accepted'])
    const exporter = exporterTo(pushgateway)
    const snapshot = snapshotOf(
      counterOf('a', 1),
      histogramOf('b', [1]),
      counterOf('c', 3),
      counterOf('x', 4),
      histogramOf('x.total', [1]),
    )
    const [step] = exporter.encode(snapshot)
    expect(await post(exporter, step!.requests[0]!)).toBe('400 refused')
    for (const key of step!.requests[0]!.keys) {
      for (const part of exporter.encodeOnly(snapshot, 'values', new Set([key])))
        expect(await post(exporter, part)).toBe(key.includes('"b"') ? '400 refused' : '200 accepted')
    }
    const found = await shown(pushgateway)
    expect(found['a_total{instance="",job="pharos"}']).toBe(1)
    expect(found['c_total{instance="",job="pharos"}']).toBe(3)
    expect(found['x_total{instance="",job="pharos"}']).toBe(4)
    expect(found['x_total_count{instance="",job="pharos"}']).toBe(1)
    expect(found['b{instance="",job="other"}']).toBe(9)
    expect(found['b_count{instance="",job="pharos"}']).toBeUndefined()
  })
})
