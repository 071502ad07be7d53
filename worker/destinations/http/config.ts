import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface HttpConfig extends DestinationSettings {
  readonly kind: 'http'
  readonly method: 'POST' | 'PUT'
  readonly temporality: Temporality
  /** The body: JSON in which "{{series}}", "{{timeMs}}" and the like are filled in (see destinations/http/template.ts). */
  readonly template: unknown
  /** The value of "{{series}}" for each series. */
  readonly seriesTemplate: unknown
  readonly retryStatuses: readonly number[]
}
