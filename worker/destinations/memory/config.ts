// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import type { MemoryConfig } from '../../config/destination-types.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'

/** The worker's memory, for tests. */
export const memorySchema: v.GenericSchema<unknown, MemoryConfig> = v.pipe(
  destinationSchema('memory', {
    place: 'local',
    entries: { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') },
    isDelta: ({ temporality }) => temporality === 'delta',
  }),
  v.transform((rest) => ({ ...rest, url: `memory:${rest.name}` })),
)
