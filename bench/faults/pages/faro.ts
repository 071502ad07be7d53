// Grafana Faro has no counter: an event is counted by what receives it.
import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk'
import { ENDPOINT } from './endpoint.ts'

const { api } = initializeFaro({
  url: ENDPOINT,
  app: { name: 'bench', version: '1.4.2' },
  instrumentations: getWebInstrumentations(),
})
globalThis.countOne = (event) => api.pushEvent('clicks', { event })
