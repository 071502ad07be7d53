/** Runs in the page: Sentry, with tracing as in `bench/size/peers`, and its metrics. */
import { browserTracingIntegration, init, metrics } from '@sentry/browser'
import { createHotPath, isCached, pageOf, secondsOf } from './hot-path-page.ts'
import { SINK } from './hot-path-sink.ts'

init({
  dsn: 'https://public@sentry.example.com/1',
  tunnel: SINK,
  release: '1.4.2',
  integrations: [browserTracingIntegration()],
  tracesSampleRate: 1,
})

/** Its buffer from empty to full: every call copies it, so a call costs the more the longer ago the last send was. */
const CALLS_OF_ROUND = 1_000

globalThis.hotPath = createHotPath(
  {
    'Sentry: increment': (calls) => {
      for (let i = 0; i < calls; i++) metrics.count('clicks', 1)
    },
    'Sentry: increment, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++) metrics.count('clicks', 1, { attributes: { page: pageOf(i) } })
    },
    'Sentry: increment, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++)
        metrics.count('clicks', 1, { attributes: { page: pageOf(i), cached: isCached(i) } })
    },
    'Sentry: observe': (calls) => {
      for (let i = 0; i < calls; i++) metrics.distribution('latency', secondsOf(i))
    },
    'Sentry: observe, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++) metrics.distribution('latency', secondsOf(i), { attributes: { page: pageOf(i) } })
    },
    'Sentry: observe, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++)
        metrics.distribution('latency', secondsOf(i), { attributes: { page: pageOf(i), cached: isCached(i) } })
    },
  },
  CALLS_OF_ROUND,
)
