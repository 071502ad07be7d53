// Grafana Faro as its documentation begins: the default instrumentations, web vitals among them, and one measurement.
import { getWebInstrumentations, initializeFaro } from '@grafana/faro-web-sdk'

const faro = initializeFaro({
  url: 'https://collector.example.com/collect',
  app: { name: 'shop', version: '1.4.2' },
  instrumentations: getWebInstrumentations(),
})
faro.api.pushMeasurement({ type: 'search', values: { duration: 0.123 } })
