import type { PushgatewayConfig } from '../../../../worker/destinations/pushgateway/config.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'

export const testPushgateway = (changes: Partial<PushgatewayConfig> = {}): PushgatewayConfig => ({
  ...testDestinationBase,
  url: 'http://pushgateway.example:9091',
  kind: 'pushgateway',
  job: 'pharos',
  grouping: {},
  externalLabels: {},
  ...changes,
})
