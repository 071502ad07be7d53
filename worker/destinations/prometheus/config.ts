import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface PrometheusConfig extends DestinationSettings {
  readonly kind: 'prometheus'
  readonly version: '1.0' | '2.0'
  readonly histograms: 'classic' | 'native' | 'both'
  /** 'legacy': letters, digits and `_`, the unit and `_total` at the end. 'utf8': dots stay, the suffixes are the same. */
  readonly names: 'legacy' | 'utf8'
  readonly externalLabels: Readonly<Record<string, string>>
}
