import * as v from 'valibot'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface MemoryConfig extends DestinationSettings {
  readonly kind: 'memory'
  readonly temporality: Temporality
}

/** The worker's memory, for tests. */
export const memorySchema: v.GenericSchema<unknown, MemoryConfig> = v.pipe(
  destinationSchema('memory', {
    place: 'local',
    entries: { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') },
    isDelta: ({ temporality }) => temporality === 'delta',
  }),
  v.transform((rest) => ({ ...rest, url: `memory:${rest.name}` })),
)
