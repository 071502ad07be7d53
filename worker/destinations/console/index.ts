import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { defineDestination } from '../define-destination.ts'
import type { ConsoleConfig } from './config.ts'
import { createConsoleExporter } from './exporter.ts'

/** The worker's log, for a person who looks for something. */
export const console: DestinationDefinition<ConsoleConfig> = defineDestination({
  kind: 'console',
  address: 'none',
  addressFrom: { schema: {}, url: () => 'console:' },
  temporality: 'either',
  schema: {},
  createExporter: createConsoleExporter,
  docs: { protocol: 'the log', ifLost: '', inDoubt: '-', ends: '`"ended": true`', example: {} },
})
