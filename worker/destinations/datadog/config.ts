import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface DatadogConfig extends DestinationSettings {
  /** `url` is the base: `https://api.datadoghq.com`. */
  readonly kind: 'datadog'
  /** Put before every name, with a dot. '' for none. */
  readonly namespace: string
  readonly tags: Readonly<Record<string, string>>
  /** 'distribution': sketches, quantiles in Datadog. 'counts': `.count`, `.sum` and `.bucket` counts, which a retry can never double. */
  readonly histograms: 'distribution' | 'counts'
}
