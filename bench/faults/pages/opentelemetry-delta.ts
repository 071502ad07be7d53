// OpenTelemetry as it is often set up for pages: delta sums, and an export when the page is hidden or goes.
import { AggregationTemporalityPreference, OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { ENDPOINT } from './endpoint.ts'

const temporalityPreference = AggregationTemporalityPreference.DELTA
const exporter = new OTLPMetricExporter({ url: ENDPOINT, temporalityPreference })
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] })
addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void provider.forceFlush()
})
const clicks = provider.getMeter('bench').createCounter('clicks')
globalThis.countOne = (event) => clicks.add(1, { event })
