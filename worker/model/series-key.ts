import type { CanonicalAttributes } from '../../src/protocol/types.ts'
import type { MetricKind, Series, SeriesKey } from './types.ts'

/** The canonical text of a series: a flat JSON array, so that parsing it gives the series back. */
export function seriesKey({ kind, name, service, release, attributes }: Series): SeriesKey {
  const flat: string[] = [kind, name, service, release]
  // Twice as fast as spreading `attributes.flat()`, and this runs for every point of every beacon.
  for (const [attribute, value] of attributes) flat.push(attribute, value)
  return JSON.stringify(flat)
}

export function parseSeriesKey(key: SeriesKey): Series {
  const [kind, name, service, release, ...flat] = JSON.parse(key) as [MetricKind, string, string, string, ...string[]]
  const attributes: CanonicalAttributes = Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i]!,
    flat[2 * i + 1]!,
  ])
  return { kind, name, service, release, attributes }
}
