import type { DestinationDefinition } from '../../model/destination-definition.ts'
import { defineDestination } from '../define-destination.ts'
import type { MemoryConfig } from './config.ts'
import { createMemoryExporter } from './exporter.ts'

/** The worker's memory, for tests. */
export const memory: DestinationDefinition<MemoryConfig> = defineDestination({
  kind: 'memory',
  address: 'none',
  addressFrom: { schema: {}, url: ({ name }) => `memory:${name}` },
  temporality: 'either',
  schema: {},
  createExporter: createMemoryExporter,
  docs: { protocol: 'the memory of your own tests', ifLost: '', inDoubt: '-', ends: '`"ended": true`', example: {} },
})
