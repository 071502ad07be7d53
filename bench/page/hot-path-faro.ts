/** Runs in the page: Grafana Faro with its default instrumentations. It has no counter: an increment is an event. */
import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk'
import { createHotPath, isCached, pageOf, secondsOf } from './hot-path-page.ts'
import { SINK } from './hot-path-sink.ts'

const { api } = initializeFaro({
  url: SINK,
  app: { name: 'bench', version: '1.4.2' },
  instrumentations: getWebInstrumentations(),
  // Its default leaves out an event that is equal to the one before: increments would be lost, and cost nothing.
  dedupe: false,
})

/** Its queue takes 30 batches of 50 and drops what is over: six cases of this must fit. */
const CALLS_OF_ROUND = 200

globalThis.hotPath = createHotPath(
  {
    'Faro: increment': (calls) => {
      for (let i = 0; i < calls; i++) api.pushEvent('clicks')
    },
    'Faro: increment, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++) api.pushEvent('clicks', { page: pageOf(i) })
    },
    'Faro: increment, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++) api.pushEvent('clicks', { page: pageOf(i), cached: String(isCached(i)) })
    },
    'Faro: observe': (calls) => {
      for (let i = 0; i < calls; i++) api.pushMeasurement({ type: 'latency', values: { duration: secondsOf(i) } })
    },
    'Faro: observe, 1 attribute': (calls) => {
      for (let i = 0; i < calls; i++)
        api.pushMeasurement({ type: 'latency', values: { duration: secondsOf(i) } }, { context: { page: pageOf(i) } })
    },
    'Faro: observe, 2 attributes': (calls) => {
      for (let i = 0; i < calls; i++)
        api.pushMeasurement(
          { type: 'latency', values: { duration: secondsOf(i) } },
          { context: { page: pageOf(i), cached: String(isCached(i)) } },
        )
    },
  },
  CALLS_OF_ROUND,
)
