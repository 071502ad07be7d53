import { browserTracingIntegration, init, metrics } from '@sentry/browser'
import { ENDPOINT } from './endpoint.ts'

init({
  dsn: 'https://public@sentry.example.com/1',
  // Only the address changes: Sentry would send to a path of the host in `dsn`.
  tunnel: ENDPOINT,
  release: '1.4.2',
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
})
globalThis.countOne = (event) => metrics.count('clicks', 1, { attributes: { event } })
