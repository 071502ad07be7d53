import type { NewRelicConfig } from '../../../../worker/destinations/newrelic/config.ts'
import { createNewRelicExporter } from '../../../../worker/destinations/newrelic/exporter.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { decodeNewRelic } from './decode-newrelic.ts'

export const testNewRelic = (changes: Partial<NewRelicConfig> = {}): NewRelicConfig => ({
  ...testDestinationBase,
  url: 'https://metric-api.newrelic.example',
  kind: 'newrelic',
  commonAttributes: {},
  inDoubt: 'drop',
  ...changes,
})

const newRelic = (title: string, changes: Partial<NewRelicConfig>): ContractSubject<NewRelicConfig> => ({
  title,
  destination: testNewRelic({ commonAttributes: { environment: 'production' }, ...changes }),
  create: createNewRelicExporter,
  decode: decodeNewRelic,
  receiver: 'adds',
  counterName: (name) => name,
  histogramOf: ([only]) => ({ count: Number(only!.value), sum: only!.sum! }),
  maxBytes: 1_000_000,
})

export const subjects: readonly ContractSubject<NewRelicConfig>[] = [
  newRelic('newrelic', {}),
  {
    ...newRelic('newrelic, in doubt resend', { inDoubt: 'resend' }),
    deviations: { doubt: 'the operator prefers numbers that may be too high to numbers that may be too low' },
  },
]
