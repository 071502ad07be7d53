import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface ConsoleConfig extends DestinationSettings {
  readonly kind: 'console'
  readonly temporality: Temporality
}
