import type { PrometheusConfig } from '../../../../worker/destinations/prometheus/config.ts'
import { createPrometheusExporter } from '../../../../worker/destinations/prometheus/exporter.ts'
import { metricName, utf8MetricName } from '../../../../worker/destinations/prometheus/names.ts'
import type { ContractSubject, Decoded } from '../../../contract/exporter-contract.ts'
import { testDestination } from '../../../contract/snapshots.ts'
import { decodeSnappy } from '../../../support/decode-snappy.ts'
import { classicOf } from './classic-of.ts'
import { decodeRemoteWrite2 } from './decode-remote-write-2.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'

const nativeOf = (decoded: readonly Decoded[]): { count: number; sum: number } => {
  const found = decoded.find(({ sum }) => sum !== undefined)
  return { count: Number(found?.value), sum: Number(found?.sum) }
}

const prometheus = (title: string, changes: Partial<PrometheusConfig>): ContractSubject<PrometheusConfig> => ({
  title,
  destination: testDestination(changes),
  create: createPrometheusExporter,
  decode: changes.version === '2.0' ? decodeRemoteWrite2 : decodeRemoteWrite,
  receiver: 'replaces',
  counterName: (name) => (changes.names === 'utf8' ? utf8MetricName : metricName)(name, 'counter', ''),
  histogramOf: changes.histograms === 'native' ? nativeOf : classicOf,
  maxBytes: 1_048_576,
  plainBody: ({ body }) => decodeSnappy(body),
  deviations:
    changes.version === '2.0' ? { answers: 'a success has to say what was written (see write-request-2.test.ts)' } : {},
})

export const subjects: readonly ContractSubject<PrometheusConfig>[] = [
  prometheus('remote-write 1.0', {}),
  prometheus('remote-write 1.0, UTF-8 names', { names: 'utf8' }),
  prometheus('remote-write 1.0, native histograms', { histograms: 'native' }),
  prometheus('remote-write 1.0, both histograms', { histograms: 'both' }),
  prometheus('remote-write 2.0', { version: '2.0' }),
  prometheus('remote-write 2.0, native histograms', { version: '2.0', histograms: 'native' }),
]
