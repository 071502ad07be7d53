// Datadog RUM has no counter: an action is counted by what receives it.
import { datadogRum } from '@datadog/browser-rum'
import { ENDPOINT } from './endpoint.ts'

datadogRum.init({
  applicationId: '00000000-0000-0000-0000-000000000000',
  clientToken: 'pub00000000000000000000000000000000',
  proxy: () => ENDPOINT,
  service: 'bench',
  version: '1.4.2',
  trackUserInteractions: false,
})
globalThis.countOne = (event) => datadogRum.addAction('clicks', { event })
