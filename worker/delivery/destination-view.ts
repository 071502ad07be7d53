import type { DestinationSettings } from '../model/destination-settings.ts'
import type { Series, Snapshot } from '../model/types.ts'
import { createMapping, createRuleFinder } from './mapping.ts'
import { createRoute } from './route.ts'

/** What a destination sees of the totals, and under which names. */
export interface DestinationView {
  readonly accepts: (series: Series) => boolean
  readonly mapSnapshot: (snapshot: Snapshot) => Snapshot
}

export function createDestinationView({
  route,
  mapping,
}: Pick<DestinationSettings, 'route' | 'mapping'>): DestinationView {
  const isRouted = createRoute(route)
  const ruleOf = createRuleFinder(mapping)
  const mapSeries = createMapping(mapping)
  return {
    // A series that the mapping drops must not be offered: it would never be settled.
    accepts: (series) => isRouted(series) && !ruleOf(series.name)?.drop,
    mapSnapshot: (snapshot) =>
      mapping.length === 0
        ? snapshot
        : { ...snapshot, series: snapshot.series.flatMap((series) => mapSeries(series) ?? []) },
  }
}
