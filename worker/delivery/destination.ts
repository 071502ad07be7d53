import type { DestinationSettings } from '../model/destination-settings.ts'
import type { Exporter } from '../model/types.ts'
import { createConnection } from './connection.ts'
import type { DeliverContext } from './context.ts'
import { createCumulativeDestination } from './cumulative-destination.ts'
import { createDeltaDestination } from './delta-destination.ts'
import type { Destination } from './destination-api.ts'
import { mapMetadata } from './map-metadata.ts'

/** A destination, made from its configuration. Its exporter decides whether it gets totals or deltas. */
export function createDestination(config: DestinationSettings, context: DeliverContext): Destination {
  const metrics = mapMetadata(context.config.metrics, config.mapping)
  return deliverWith(context.createExporter(config, { ...context.config, metrics }), config, context)
}

/** The same with an exporter of one's own. */
export function deliverWith(exporter: Exporter, config: DestinationSettings, context: DeliverContext): Destination {
  const connection = createConnection(exporter, config, context)
  return exporter.temporality === 'delta'
    ? createDeltaDestination(config, connection)
    : createCumulativeDestination(config, connection)
}
