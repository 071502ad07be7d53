// OpenTelemetry with its defaults: cumulative sums, an export every 60 s, nothing when the page goes.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { ENDPOINT } from './endpoint.ts'

const reader = new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter({ url: ENDPOINT }) })
const clicks = new MeterProvider({ readers: [reader] }).getMeter('bench').createCounter('clicks')
globalThis.countOne = (event) => clicks.add(1, { event })
