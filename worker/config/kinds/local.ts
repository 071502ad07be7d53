// Pure: no I/O, no clock, no randomness.
import * as v from 'valibot'
import { destinationSchema } from '../destination.ts'
import { oneOf } from '../fields.ts'
import type { ConsoleConfig, MemoryConfig } from '../destination-types.ts'

const entries = { temporality: v.optional(oneOf(['cumulative', 'delta']), 'cumulative') }
const isDelta = ({ temporality }: Readonly<Record<string, unknown>>): boolean => temporality === 'delta'

/** The worker's log, for a person who looks for something. */
export const consoleSchema: v.GenericSchema<unknown, ConsoleConfig> = v.pipe(
  destinationSchema('console', { place: 'local', entries, isDelta }),
  v.transform((rest) => ({ ...rest, url: 'console:' })),
)

/** The worker's memory, for tests. */
export const memorySchema: v.GenericSchema<unknown, MemoryConfig> = v.pipe(
  destinationSchema('memory', { place: 'local', entries, isDelta }),
  v.transform((rest) => ({ ...rest, url: `memory:${rest.name}` })),
)
