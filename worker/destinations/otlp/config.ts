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
