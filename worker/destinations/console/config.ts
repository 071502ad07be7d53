import * as v from 'valibot'
import { destinationSchema } from '../../schema/destination.ts'
import { oneOf } from '../../schema/fields.ts'
import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { Temporality } from '../../model/types.ts'

export interface ConsoleConfig extends DestinationSettings {
  readonly kind: 'console'
  readonly temporality: Temporality
}

/** The worker's log, for a person who looks for something. */
export const consoleSchema: v.GenericSchema<unknown, ConsoleConfig> = v.pipe(
  destinationSchema('console', {
    place: 'local',
    entries: { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') },
    isDelta: ({ temporality }) => temporality === 'delta',
  }),
  v.transform((rest) => ({ ...rest, url: 'console:' })),
)
