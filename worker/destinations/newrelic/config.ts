import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface NewRelicConfig extends DestinationSettings {
  /** `url` is the base: `https://metric-api.newrelic.com`. */
  readonly kind: 'newrelic'
  readonly commonAttributes: Readonly<Record<string, string>>
  readonly inDoubt: 'resend' | 'drop'
}
