import * as v from 'valibot'
import { httpUrl } from '../../schema/addresses.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import { attributes } from '../../schema/labels.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface OtlpConfig extends DestinationSettings {
  readonly kind: 'otlp'
  readonly encoding: 'protobuf' | 'json'
  readonly compression: 'gzip' | 'none'
  readonly temporality: Temporality
  readonly histograms: 'exponential' | 'explicit'
  readonly resourceAttributes: Readonly<Record<string, string>>
}

export const otlpDefaults: Pick<
  OtlpConfig,
  'encoding' | 'compression' | 'temporality' | 'histograms' | 'resourceAttributes'
> = {
  encoding: 'protobuf',
  compression: 'gzip',
  temporality: 'cumulative',
  histograms: 'exponential',
  resourceAttributes: {},
}

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
