import type { Attributes as OtelAttributes } from '@opentelemetry/api'
import type { Attributes, AttributeValue } from '../protocol/types.ts'

/** Characters that the name of an attribute may have in OpenTelemetry, and not in Pharos. */
const FOREIGN = /[^\w.]/

/** The name of a metric: the two characters that only OpenTelemetry allows become `_`, as in its Prometheus exporters. */
export const toMetricName = (name: unknown): string => (typeof name === 'string' ? name.replace(/[-/]/g, '_') : '')

/**
 * Replaces other characters in names by `_`. Keeps text, numbers and booleans; writes arrays and objects as JSON, as OpenTelemetry does where a protocol knows only text;
 * null and undefined are no attribute. The beacon drops and counts a record whose attributes cannot be written.
 * Source: OpenTelemetry specification, "Common specification concepts".
 */
export function toAttributes(attributes: OtelAttributes | undefined): Attributes | undefined {
  try {
    if (attributes === undefined || isPlain(attributes)) return attributes as Attributes | undefined
    const plain: Record<string, AttributeValue> = {}
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined) continue
      plain[name.replaceAll(/[^\w.]/g, '_')] = (
        typeof value === 'object' ? JSON.stringify(value) : value
      ) as AttributeValue
    }
    return plain
  } catch {
    return attributes as Attributes
  }
}

/** Whether attributes can be passed on without a copy. Nearly all can. */
function isPlain(attributes: OtelAttributes): boolean {
  for (const name in attributes) {
    const kind = typeof attributes[name]
    if (kind === 'object' || kind === 'undefined' || FOREIGN.test(name)) return false
  }
  // The beacon itself refuses null and anything that is no object.
  return true
}
