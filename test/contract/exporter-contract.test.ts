import type { PrometheusConfig } from '../../worker/config/destination-types.ts'
import { createPrometheusExporter } from '../../worker/export/prometheus.ts'
import { metricName, utf8MetricName } from '../../worker/export/names.ts'
import { createPushgatewayExporter } from '../../worker/export/pushgateway.ts'
import { decodeExposition } from './decode-exposition.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import { decodeRemoteWrite2 } from './decode-remote-write-2.ts'
import { type Decoded, describeExporter, type ExporterUnderTest } from './exporter-contract.ts'
import { testPushgateway } from './pushgateway-destination.ts'
import { testDestination } from './snapshots.ts'

const classic = (decoded: readonly Decoded[]): { count: number; sum: number } => {
  const valueOf = (suffix: string): number => Number(decoded.find(({ name }) => name.endsWith(suffix))?.value)
  return { count: valueOf('_count'), sum: valueOf('_sum') }
}

const native = (decoded: readonly Decoded[]): { count: number; sum: number } => {
  const found = decoded.find(({ sum }) => sum !== undefined)
  return { count: Number(found?.value), sum: Number(found?.sum) }
}

const prometheus = (title: string, changes: Partial<PrometheusConfig>): ExporterUnderTest<PrometheusConfig> => ({
  title,
  destination: testDestination(changes),
  create: createPrometheusExporter,
  decode: changes.version === '2.0' ? decodeRemoteWrite2 : decodeRemoteWrite,
  counterName: (name) => (changes.names === 'utf8' ? utf8MetricName : metricName)(name, 'counter', ''),
  histogramOf: changes.histograms === 'native' ? native : classic,
  deviations:
    changes.version === '2.0' ? { answers: 'a success has to say what was written (see remote-write-2.test.ts)' } : {},
})

describeExporter(prometheus('remote-write 1.0', {}))
describeExporter(prometheus('remote-write 1.0, UTF-8 names', { names: 'utf8' }))
describeExporter(prometheus('remote-write 1.0, native histograms', { histograms: 'native' }))
describeExporter(prometheus('remote-write 1.0, both histograms', { histograms: 'both' }))
describeExporter(prometheus('remote-write 2.0', { version: '2.0' }))
describeExporter(prometheus('remote-write 2.0, native histograms', { version: '2.0', histograms: 'native' }))

describeExporter({
  title: 'Pushgateway',
  destination: testPushgateway(),
  create: createPushgatewayExporter,
  decode: ({ body }) => decodeExposition(new TextDecoder('utf-8', { fatal: true }).decode(body)),
  counterName: (name) => metricName(name, 'counter', ''),
  histogramOf: classic,
  deviations: {
    split: 'a PUT replaces the group, so it holds everything (see pushgateway.test.ts)',
    parts: 'a part is whole families (see pushgateway.test.ts)',
  },
})
