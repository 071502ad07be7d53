import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface MemoryConfig extends DestinationSettings {
  readonly kind: 'memory'
  readonly temporality: Temporality
}
