// Sentry with tracing, which is what reports web vitals, and one metric.
import { browserTracingIntegration, init, metrics } from '@sentry/browser'

init({
  dsn: 'https://public@sentry.example.com/1',
  release: '1.4.2',
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
})
metrics.count('checkout.clicks', 1, { attributes: { page: '/cart' } })
