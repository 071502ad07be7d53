import type { KindTemporality } from './destination-definition.ts'
import type { Temporality } from './types.ts'

/** The temporality of a destination of a kind, as it is written or read: 'cumulative' where 'either' may be and nothing is written. */
export function temporalityOf(kind: KindTemporality, destination: object): Temporality {
  if (kind !== 'either') return kind
  return 'temporality' in destination && destination.temporality === 'delta' ? 'delta' : 'cumulative'
}
