import type { DestinationSettings } from '../model/destination-settings.ts'
import type { Exporter, Snapshot } from '../model/types.ts'
import type { DeliverContext } from './context.ts'
import { createCumulativeDestination } from './cumulative-destination.ts'
import { createDeltaDestination } from './delta-destination.ts'
import type { DestinationParts } from './destination-parts.ts'
import { createEngine } from './connection.ts'
import { mapMetadata } from './map-metadata.ts'
import { createMapping, createRuleFinder } from './mapping.ts'
import { createRoute } from './route.ts'
import type { Destination } from './types.ts'

/** One place totals are pushed to, made from its configuration; the exporter decides which kind. */
export function createDestination(config: DestinationSettings, context: DeliverContext): Destination {
  const metrics = mapMetadata(context.config.metrics, config.mapping)
  return deliverWith(context.createExporter(config, { ...context.config, metrics }), config, context)
}

/** The same with an exporter of one's own. */
export function deliverWith(exporter: Exporter, config: DestinationSettings, context: DeliverContext): Destination {
  const engine = createEngine(exporter, config, context)
  const isRouted = createRoute(config.route)
  const ruleOf = createRuleFinder(config.mapping)
  const mapping = createMapping(config.mapping)
  const parts: DestinationParts = {
    engine,
    // A series that the mapping drops is not taken: it would wait for this destination for ever.
    accepts: (series) => isRouted(series) && !ruleOf(series.name)?.drop,
    mapSnapshot: (snapshot): Snapshot =>
      config.mapping.length === 0
        ? snapshot
        : { ...snapshot, series: snapshot.series.flatMap((series) => mapping(series) ?? []) },
  }
  return exporter.temporality === 'delta'
    ? createDeltaDestination(config, parts)
    : createCumulativeDestination(config, parts)
}
