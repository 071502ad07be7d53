// Datadog RUM as its documentation begins, and one custom vital.
import { datadogRum } from '@datadog/browser-rum'

datadogRum.init({
  applicationId: '00000000-0000-0000-0000-000000000000',
  clientToken: 'pub00000000000000000000000000000000',
  service: 'shop',
  version: '1.4.2',
  trackUserInteractions: false,
})
datadogRum.addDurationVital('search', { startTime: Date.now(), duration: 123 })
