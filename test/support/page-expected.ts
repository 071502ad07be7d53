import type { PageRecord } from './page-plan.ts'
import { fromUnits, unitsOf } from './rationals.ts'

/** Series as text, `name{a="1",b="2"}` with sorted labels, and their values. */
export type Totals = ReadonlyMap<string, number>

export type Labels = Readonly<Record<string, string>>

export function seriesText(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${name}{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join()}}`
}

/** The double nearest to the exact sum. */
export const exactSum = (values: readonly number[]): number => fromUnits(unitsOf(values))

export interface ExpectationOptions {
  /** Labels that every series has. */
  readonly common: Labels
  /** Upper bounds of the buckets, without +Inf. */
  readonly bounds: readonly number[]
}

/** What Prometheus must show for these records: exact sums, and every bucket by plain comparison. */
export function expectedTotals(records: readonly PageRecord[], { common, bounds }: ExpectationOptions): Totals {
  const bySeries = Map.groupBy(records, ({ call, name, attributes }) => call + seriesText(name, attributes))
  const totals = new Map<string, number>()
  for (const group of bySeries.values()) {
    const { call, name, attributes } = group[0]!
    const labels = { ...common, ...attributes }
    const metric = name.replaceAll('.', '_')
    const values = group.map(({ value }) => value)
    if (call === 'increment') {
      totals.set(seriesText(`${metric}_total`, labels), exactSum(values))
      continue
    }
    totals.set(seriesText(`${metric}_count`, labels), values.length)
    totals.set(seriesText(`${metric}_sum`, labels), exactSum(values))
    for (const bound of [...bounds, Infinity]) {
      const le = bound === Infinity ? '+Inf' : String(bound)
      const below = values.filter((value) => value <= bound).length
      totals.set(seriesText(`${metric}_bucket`, { ...labels, le }), below)
    }
  }
  return totals
}

/** Reads `name{a="1"}` as an exposition or `seriesText` prints it. Label values of tests hold no quotes. */
export function parseSeries(text: string): { readonly name: string; readonly labels: Labels } {
  const [, name = '', rest = ''] = /^([^{]*)(?:\{(.*)\})?$/.exec(text)!
  return {
    name,
    labels: Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value])),
  }
}

/** Upper bounds that the buckets of these series have, ascending, without +Inf. */
export function boundsOf(totals: Totals, metric: string): readonly number[] {
  const series = [...totals.keys()].map(parseSeries).filter(({ name }) => name === `${metric}_bucket`)
  const bounds = series.map(({ labels }) => labels['le']!).filter((le) => le !== '+Inf')
  return [...new Set(bounds.map(Number))].sort((a, b) => a - b)
}
