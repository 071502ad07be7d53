import type { DatadogConfig } from '../../../../worker/destinations/datadog/config.ts'
import { createDatadogExporter } from '../../../../worker/destinations/datadog/exporter.ts'
import { datadogName } from '../../../../worker/destinations/datadog/names.ts'
import type { ContractSubject, Decoded } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { decodeDatadog } from './decode-datadog.ts'

export const testDatadog = (changes: Partial<DatadogConfig> = {}): DatadogConfig => ({
  ...testDestinationBase,
  url: 'https://api.datadoghq.example',
  kind: 'datadog',
  namespace: '',
  tags: {},
  histograms: 'distribution',
  ...changes,
})

const countsOf = (decoded: readonly Decoded[]): { count: number; sum: number } => {
  const valueOf = (suffix: string): number =>
    decoded
      .filter(({ name }) => name.endsWith(suffix))
      .map(({ value }) => Number(value))
      .reduce((total, value) => total + value, 0)
  if (valueOf('.bucket') !== valueOf('.count')) throw new Error('the buckets do not add up')
  return { count: valueOf('.count'), sum: valueOf('.sum') }
}

const subject = (histograms: DatadogConfig['histograms']): ContractSubject<DatadogConfig> => ({
  title: `datadog, ${histograms}`,
  destination: testDatadog({ histograms }),
  create: createDatadogExporter,
  decode: decodeDatadog,
  receiver: ({ url }) => (url.endsWith('/sketches') ? 'adds' : 'adds-once'),
  counterName: (name) => datadogName(name),
  histogramOf: histograms === 'counts' ? countsOf : ([only]) => ({ count: Number(only!.value), sum: only!.sum! }),
  maxBytes: 500_000,
  deviations: { texts: 'a tag is written as Datadog normalizes it (see names.test.ts)' },
})

export const subjects: readonly ContractSubject<DatadogConfig>[] = [subject('distribution'), subject('counts')]
