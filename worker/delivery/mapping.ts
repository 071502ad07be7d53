import { countOf } from '../../src/protocol/histogram.ts'
import type { Histogram } from '../../src/protocol/types.ts'
import type { MappingRule } from '../model/destination-settings.ts'
import type { Series, SnapshotSeries } from '../model/types.ts'
import { createGlob } from './glob.ts'
import { memoizeName } from './memoize-name.ts'

/** A rule that matches a name, and what becomes of the name. */
export interface FoundRule extends MappingRule {
  readonly target: string
}

/** The first rule that matches a metric's name. */
export function createRuleFinder(rules: readonly MappingRule[]): (name: string) => FoundRule | undefined {
  const matchers = rules.map((rule) => ({ rule, match: createGlob(rule.match) }))
  return memoizeName((name) => {
    for (const { rule, match } of matchers) {
      const captured = match(name)
      if (captured !== undefined) return { ...rule, target: rule.rename?.replaceAll('*', () => captured) ?? name }
    }
    return undefined
  })
}

/**
 * A series as the destination sees it; undefined when it is not sent. Its key stays. Series that come out the same are added up by the
 * exporter. `service` and `release` are set and dropped as attributes are.
 */
export function createMapping(rules: readonly MappingRule[]): (series: SnapshotSeries) => SnapshotSeries | undefined {
  const ruleOf = createRuleFinder(rules)
  return (one) => {
    const rule = ruleOf(one.series.name)
    if (!rule) return one
    if (rule.drop) return undefined
    const { kind, total } = typed(one, rule)
    return { ...one, total, series: { ...mapAttributes(one.series, rule), kind, name: rule.target } }
  }
}

function typed(
  { series, total }: SnapshotSeries,
  { type }: MappingRule,
): { kind: Series['kind']; total: typeof total } {
  const { kind } = series
  if (kind === 'counter' && type === 'gauge') return { kind: 'gauge', total }
  if (kind !== 'histogram' || type !== 'counter') return { kind, total }
  const count = countOf(total as Histogram)
  return { kind: 'counter', total: count === 0 ? [] : [count] }
}

/** Attributes stay canonical: sorted by name, none empty. */
function mapAttributes(series: Series, { dropAttributes = [], addAttributes = {} }: MappingRule): Series {
  const values = new Map([
    ['service', series.service],
    ['release', series.release],
  ])
  const attributes = new Map(series.attributes)
  const mapOf = (name: string): Map<string, string> => (values.has(name) ? values : attributes)
  for (const name of dropAttributes) mapOf(name).set(name, '')
  for (const [name, value] of Object.entries(addAttributes)) mapOf(name).set(name, value)
  return {
    ...series,
    service: values.get('service')!,
    release: values.get('release')!,
    attributes: [...attributes].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)),
  }
}
