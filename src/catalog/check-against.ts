import type { RefusalReason } from '../core/metric-record.ts'
import type { Attributes } from '../protocol/types.ts'
import type { AttributeKind, Catalog, MetricDefinition } from './types.ts'

/**
 * Why a record is outside a catalog: `unknown_metric` for a name that is not in it or a verb that is not of its kind,
 * `bad_attributes` for an attribute or a value that it does not allow. undefined: the catalog has it. Never throws.
 */
export type RecordCheck = (
  kind: MetricDefinition['kind'],
  name: string,
  attributes?: Attributes,
) => RefusalReason | undefined

/**
 * Compares records with a catalog at run time, where types do not help: in JavaScript, and for values that come from elsewhere.
 * @example
 * const check = checkAgainst(catalog)
 * init({ filter: filter((it) => check(it.kind, it.name, it.attributes) ?? it) })
 */
export const checkAgainst =
  (catalog: Catalog): RecordCheck =>
  (kind, name, attributes) => {
    try {
      const metric = Object.hasOwn(catalog, name) ? catalog[name]! : undefined
      if (metric?.kind !== kind) return 'unknown_metric'
      const kinds = metric.attributes ?? {}
      const isRight = Object.entries(attributes ?? {}).every(
        ([attribute, value]) => Object.hasOwn(kinds, attribute) && isAllowed(kinds[attribute]!, value),
      )
      return isRight ? undefined : 'bad_attributes'
    } catch {
      // A getter or a proxy may throw.
      return 'bad_attributes'
    }
  }

/** An empty text is no attribute, so it is always right. */
const isAllowed = (allowed: AttributeKind, value: unknown): boolean =>
  value === '' || (typeof allowed === 'string' ? typeof value === allowed : allowed.includes(value as string))
