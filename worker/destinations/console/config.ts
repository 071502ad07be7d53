// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import type { ConsoleConfig } from '../../config/destination-types.ts'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'

/** The worker's log, for a person who looks for something. */
export const consoleSchema: v.GenericSchema<unknown, ConsoleConfig> = v.pipe(
  destinationSchema('console', {
    place: 'local',
    entries: { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') },
    isDelta: ({ temporality }) => temporality === 'delta',
  }),
  v.transform((rest) => ({ ...rest, url: 'console:' })),
)
