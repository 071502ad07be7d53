import type { CanonicalAttributes } from '../../src/protocol/types.ts'
import type { AttributeKind, MetricMetadata } from '../model/metric-metadata.ts'

/** Whether the catalog has a metric for this verb; one without a kind is for both. */
export const isOfKind = (metadata: MetricMetadata | undefined, kind: 'counter' | 'histogram'): boolean =>
  metadata !== undefined && (metadata.kind ?? kind) === kind

/**
 * Whether the catalog allows the attributes of a point. Those of the page, on every metric alike, need not be in it; where one has
 * the name of an attribute of the metric, it is held to the same values.
 * @param attributes all of the series
 * @param own those of the point alone
 */
export function areAllowed(
  { attributes: kinds }: MetricMetadata,
  attributes: CanonicalAttributes,
  own: CanonicalAttributes,
): boolean {
  if (!kinds) return true
  return (
    own.every(([name]) => Object.hasOwn(kinds, name)) &&
    attributes.every(([name, text]) => !Object.hasOwn(kinds, name) || isAllowed(kinds[name]!, text))
  )
}

function isAllowed(allowed: AttributeKind, text: string): boolean {
  if (allowed === 'string') return true
  if (allowed === 'boolean') return text === 'true' || text === 'false'
  // Every number arrives as JavaScript writes it, so that one spelling is one series.
  if (allowed === 'number') return Number.isFinite(Number(text)) && String(Number(text)) === text
  return allowed.includes(text)
}
