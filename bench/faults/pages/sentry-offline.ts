// Sentry with the transport it has for visitors who are offline: not a default.
import {
  browserTracingIntegration,
  init,
  makeBrowserOfflineTransport,
  makeFetchTransport,
  metrics,
} from '@sentry/browser'
import { ENDPOINT } from './endpoint.ts'

init({
  dsn: 'https://public@sentry.example.com/1',
  tunnel: ENDPOINT,
  transport: makeBrowserOfflineTransport(makeFetchTransport),
  release: '1.4.2',
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
})
globalThis.countOne = (event) => metrics.count('clicks', 1, { attributes: { event } })
