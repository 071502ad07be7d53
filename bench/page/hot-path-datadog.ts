/** Runs in the page: Datadog RUM. It has no counter: an increment is an action, an observation a duration vital. */
import { datadogRum } from '@datadog/browser-rum'
import { createHotPath, isCached, pageOf, secondsOf } from './hot-path-page.ts'
import { SINK } from './hot-path-sink.ts'

datadogRum.init({
  applicationId: '00000000-0000-0000-0000-000000000000',
  clientToken: 'pub00000000000000000000000000000000',
  proxy: () => SINK,
  service: 'bench',
  version: '1.4.2',
  trackUserInteractions: false,
})

/** It drops what is over 3,000 actions or vitals a minute, and those cost less: the rounds of three cases must stay below. */
const CALLS_OF_ROUND = 50

globalThis.hotPath = createHotPath(
  {
    'Datadog: increment': (calls) => {
      for (let i = 0; i < calls; i++) datadogRum.addAction('clicks')
    },
    'Datadog: increment, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++) datadogRum.addAction('clicks', { page: pageOf(i) })
    },
    'Datadog: increment, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++) datadogRum.addAction('clicks', { page: pageOf(i), cached: isCached(i) })
    },
    'Datadog: observe': (calls) => {
      for (let i = 0; i < calls; i++)
        datadogRum.addDurationVital('latency', { startTime: Date.now(), duration: secondsOf(i) * 1_000 })
    },
    'Datadog: observe, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++) {
        const context = { page: pageOf(i) }
        datadogRum.addDurationVital('latency', { startTime: Date.now(), duration: secondsOf(i) * 1_000, context })
      }
    },
    'Datadog: observe, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++) {
        const context = { page: pageOf(i), cached: isCached(i) }
        datadogRum.addDurationVital('latency', { startTime: Date.now(), duration: secondsOf(i) * 1_000, context })
      }
    },
  },
  CALLS_OF_ROUND,
)
