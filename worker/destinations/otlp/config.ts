// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { httpUrl } from '../../schema/addresses.ts'
import { otlpDefaults } from '../../config/default-config.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import type { OtlpConfig } from '../../config/destination-types.ts'

/** OTLP over HTTP. `url` is the whole address, `https://otel.example.com/v1/metrics`. */
export const otlpSchema: v.GenericSchema<unknown, OtlpConfig> = destinationSchema('otlp', {
  place: 'network',
  entries: {
    url: httpUrl,
    encoding: v.optional(oneOf(['protobuf', 'json']), otlpDefaults.encoding),
    compression: v.optional(oneOf(['gzip', 'none']), otlpDefaults.compression),
    temporality: v.optional(oneOf(['cumulative', 'delta']), otlpDefaults.temporality),
    histograms: v.optional(oneOf(['exponential', 'explicit']), otlpDefaults.histograms),
    resourceAttributes: v.optional(attributes, otlpDefaults.resourceAttributes),
  },
  isDelta: ({ temporality }) => temporality === 'delta',
})
