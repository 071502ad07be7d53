import type { ExportContext } from '../../model/export-context.ts'
import type { MetricKind, Snapshot } from '../../model/types.ts'
import { type Family, groupFamilies } from './families.ts'
import type { Label } from './labels.ts'
import { formatNumber } from '../shared/numbers.ts'
import { type Sample, samplesOf } from './samples.ts'

/** Prometheus text 0.0.4, or OpenMetrics 1.0. */
export type ExpositionFormat = 'text' | 'openmetrics'

/**
 * All totals as text for a Prometheus that scrapes, sorted.
 * Sources: prometheus.io/docs/instrumenting/exposition_formats; OpenMetrics 1.0, "Text format".
 */
export function encodeExposition(snapshot: Snapshot, config: ExportContext, format: ExpositionFormat): string {
  const options = { resourceLabels: config.resourceLabels, externalLabels: {}, areSeriesUnique: true }
  const families = groupFamilies(snapshot, config.metrics, options)
  return format === 'text' ? encodeText(families) : joinLines(openMetrics(families))
}

/** Families, sorted by name and kind, as Prometheus text 0.0.4. */
export const encodeText = (families: readonly Family[]): string =>
  joinLines(families.flatMap((family, i) => textFamily(family, family.name === families[i - 1]?.name)))

const joinLines = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** @param isNamesake a family of this name came before: the histogram `x.total` after the counter `x`. It then goes untyped. */
function textFamily(family: Family, isNamesake: boolean): string[] {
  const { name, kind, series } = family
  const head = isNamesake ? [] : [`# HELP ${name} ${escapeHelp(helpOf(family))}`, `# TYPE ${name} ${kind}`]
  return [...head, ...series.flatMap((one) => samplesOf(family, one).map(sampleLine))]
}

/** Without a help text, at least the name the page knows the metric by. */
const helpOf = ({ help, metric }: Family): string => help || metric

function openMetrics(families: readonly Family[]): string[] {
  // A counter is a family without `_total` here, so it can meet a histogram of the same name; it then goes untyped.
  const taken = new Set(families.filter(({ kind }) => kind !== 'counter').map(({ name }) => name))
  return [
    ...families.flatMap((family) => {
      const base = family.kind === 'counter' ? family.name.slice(0, -'_total'.length) : family.name
      return base !== family.name && (base === '' || taken.has(base))
        ? openMetricsFamily(family, family.name, 'unknown')
        : openMetricsFamily(family, base, family.kind)
    }),
    '# EOF',
  ]
}

function openMetricsFamily(family: Family, name: string, type: MetricKind | 'unknown'): string[] {
  const { unit, series } = family
  const hasCreated = type === 'counter' || type === 'histogram'
  return [
    `# TYPE ${name} ${type}`,
    ...(unit !== '' && name.endsWith(`_${unit}`) ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${escapeLabel(helpOf(family))}`,
    ...series.flatMap((one) => [
      ...samplesOf(family, one).map(sampleLine),
      ...(hasCreated ? [sampleLine({ name: `${name}_created`, labels: one.labels, value: one.startMs / 1_000 })] : []),
    ]),
  ]
}

const sampleLine = ({ name, labels, value }: Sample): string => `${name}${labelSet(labels)} ${formatNumber(value)}`

const labelSet = (labels: readonly Label[]): string =>
  labels.length === 0 ? '' : `{${labels.map(({ name, value }) => `${name}="${escapeLabel(value)}"`).join(',')}}`

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')
