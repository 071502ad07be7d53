import type { MappingRule } from '../model/destination-settings.ts'
import type { ExportContext } from '../model/export-context.ts'
import type { MetricMetadata } from '../model/metric-metadata.ts'
import { builtInNames, metadataOf } from '../destinations/shared/metadata.ts'
import { createRuleFinder } from './mapping.ts'

/**
 * Facts about metrics under their names at a destination: a renamed metric keeps its unit, buckets and help, unless the
 * rule gives another help. A histogram that became a counter of its observations loses its unit, because it only counts.
 * A metric that keeps its name goes before one that is renamed onto it.
 */
export function mapMetadata(
  metrics: ExportContext['metrics'],
  rules: readonly MappingRule[],
): ExportContext['metrics'] {
  if (rules.length === 0) return metrics
  const ruleOf = createRuleFinder(rules)
  const kept = new Map<string, MetricMetadata>()
  const renamed = new Map<string, MetricMetadata>()
  const named = rules.filter(({ match, help }) => help !== undefined && !/[*?]/.test(match)).map(({ match }) => match)
  for (const name of new Set([...Object.keys(metrics), ...builtInNames(), ...named])) {
    const known = metadataOf(name, metrics)
    const { target = name, drop = false, help = known.help, type } = ruleOf(name) ?? {}
    const into = target === name ? kept : renamed
    if (drop || into.has(target)) continue
    into.set(target, {
      ...known,
      ...(help === undefined ? {} : { help }),
      ...(type === 'counter' && known.unit !== undefined ? { unit: '' } : {}),
    })
  }
  // Metric names come from strangers: 'constructor' must not find what every object inherits.
  return Object.assign(Object.create(null), Object.fromEntries([...renamed, ...kept])) as ExportContext['metrics']
}
