import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { oneOf } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import { defineDestination } from '../define-destination.ts'
import type { OtlpConfig } from './config.ts'
import { createOtlpExporter } from './exporter.ts'

/** OTLP over HTTP. */
export const otlp: DestinationDefinition<OtlpConfig> = defineDestination({
  kind: 'otlp',
  address: 'whole',
  temporality: 'either',
  schema: {
    encoding: oneOf(['protobuf', 'json']),
    compression: oneOf(['gzip', 'none']),
    histograms: oneOf(['exponential', 'explicit']),
    resourceAttributes: attributes,
  },
  defaults: { encoding: 'protobuf', compression: 'gzip', histograms: 'exponential', resourceAttributes: {} },
  createExporter: createOtlpExporter,
  docs: {
    protocol: 'OTLP/HTTP, protobuf or JSON: an OpenTelemetry Collector and other OTLP receivers',
    ifLost: 'exact (totals)',
    inDoubt: 'sent again',
    ends: 'a point with the flag "no recorded value"',
    example: { url: 'https://otel.example.com/v1/metrics' },
  },
})
