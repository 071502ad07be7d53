import { createPrometheusExporter } from '../../worker/export/prometheus.ts'
import { metricName } from '../../worker/export/names.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'
import { describeExporter } from './exporter-contract.ts'
import { testDestination } from './snapshots.ts'

describeExporter({
  title: 'remote-write 1.0',
  destination: testDestination(),
  create: createPrometheusExporter,
  decode: decodeRemoteWrite,
  counterName: (name) => metricName(name, 'counter', ''),
  histogramOf: (decoded) => {
    const valueOf = (suffix: string): number => Number(decoded.find(({ name }) => name.endsWith(suffix))?.value)
    return { count: valueOf('_count'), sum: valueOf('_sum') }
  },
})
