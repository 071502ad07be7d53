// Pure: no I/O, no clock, no randomness.
import type { CanonicalAttributes } from '../../src/protocol/types.ts'
import type { MetricKind, Series, SeriesKey } from '../types.ts'

/** The canonical text of a series: a flat JSON array, so that parsing it gives the series back. */
export const seriesKey = ({ kind, name, service, release, attributes }: Series): SeriesKey =>
  JSON.stringify([kind, name, service, release, ...attributes.flat()])

export function parseSeriesKey(key: SeriesKey): Series {
  const [kind, name, service, release, ...flat] = JSON.parse(key) as [MetricKind, string, string, string, ...string[]]
  const attributes: CanonicalAttributes = Array.from({ length: flat.length / 2 }, (_, i) => [
    flat[2 * i]!,
    flat[2 * i + 1]!,
  ])
  return { kind, name, service, release, attributes }
}
