// Sentry with its transport for offline visitors, which is not the default.
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
