// Pure: no I/O, no clock, no randomness.
import type { AttributeKind, Catalog, MetricDefinition } from '../../src/catalog/types.ts'
import { prometheusMetrics } from './prometheus-names.ts'

/** A table of the metrics of a catalog, for people. */
export function emitMarkdown(catalog: Catalog): string {
  const rows = prometheusMetrics(catalog).map(({ name, metric, prometheusName }) => [
    code(name),
    metric.kind,
    metric.unit === undefined ? '' : code(metric.unit),
    attributesCell(metric),
    code(prometheusName),
    plain(metric.help),
  ])
  const head = ['Metric', 'Kind', 'Unit', 'Attributes', 'Prometheus', 'Help']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

const attributesCell = ({ attributes = {} }: MetricDefinition): string =>
  Object.entries(attributes)
    .map(([name, allowed]) => `${code(name)}: ${valuesOf(allowed)}`)
    .join('<br>')

const valuesOf = (allowed: AttributeKind): string =>
  typeof allowed === 'string' ? allowed : allowed.map(code).join(', ')

/** Code in a cell. The fence is longer than any run of backticks in it (CommonMark 6.1); a `|` would end the cell even there. */
function code(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1)
  const padding = /^`|`$|^ .* $/.test(text) ? ' ' : ''
  return `${fence}${padding}${text.replaceAll('|', '\\|')}${padding}${fence}`
}

/** Text that is nothing but text: every mark of Markdown in it is escaped. */
const plain = (text: string): string =>
  text.replace(/\s*[\r\n]+\s*/g, ' ').replace(/[\\`*_[\]<>|~&]/g, (mark) => `\\${mark}`)
