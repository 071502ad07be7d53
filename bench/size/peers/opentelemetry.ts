// OpenTelemetry metrics with OTLP/JSON, and web vitals recorded by hand: it has no instrumentation for them.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'

const exporter = new OTLPMetricExporter({ url: 'https://collector.example.com/v1/metrics' })
const meter = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] }).getMeter('shop')
const vitals = meter.createHistogram('web_vitals')
for (const start of [onCLS, onFCP, onINP, onLCP, onTTFB])
  start(({ name, value, rating }) => vitals.record(value, { name, rating }))
meter.createCounter('checkout.clicks').add(1, { page: '/cart' })
