import type { DestinationSettings } from '../../model/destination-settings.ts'

export interface PushgatewayConfig extends DestinationSettings {
  /** `url` is the base: `http://pushgateway:9091`. */
  readonly kind: 'pushgateway'
  readonly job: string
  readonly grouping: Readonly<Record<string, string>>
  readonly externalLabels: Readonly<Record<string, string>>
}
