import type { OtlpConfig } from '../../../../worker/destinations/otlp/config.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'

export const testOtlp = (changes: Partial<OtlpConfig> = {}): OtlpConfig => ({
  ...testDestinationBase,
  kind: 'otlp',
  encoding: 'protobuf',
  compression: 'gzip',
  temporality: 'cumulative',
  histograms: 'exponential',
  resourceAttributes: {},
  ...changes,
})
