import { exactSum } from './page-exact.ts'
import type { PageRecord } from './page-plan.ts'

/** Series as text, `name{a="1",b="2"}` with sorted labels, and their values. */
export type Totals = ReadonlyMap<string, number>

export type Labels = Readonly<Record<string, string>>

export const seriesText = (name: string, labels: Labels): string => {
  const pairs = Object.entries(labels).filter(([label]) => label !== '__name__')
  const sorted = pairs.sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${sorted.join()}}`
}

/**
 * What a Prometheus must show for these records: exact sums, and one bucket for each of `bounds`, by plain comparison.
 * `common` are the labels every series has.
 */
export function expectedTotals(
  records: readonly PageRecord[],
  { common, bounds }: { common: Labels; bounds: readonly number[] },
): Totals {
  const bySeries = Map.groupBy(records, ({ call, name, attributes }) => `${call} ${seriesText(name, attributes)}`)
  const totals = new Map<string, number>()
  for (const group of bySeries.values()) {
    const { call, name, attributes } = group[0]!
    const labels = { ...common, ...attributes }
    const metric = name.replaceAll('.', '_')
    const values = group.map(({ value }) => value)
    if (call === 'increment') totals.set(seriesText(`${metric}_total`, labels), exactSum(values))
    else {
      totals.set(seriesText(`${metric}_count`, labels), values.length)
      totals.set(seriesText(`${metric}_sum`, labels), exactSum(values))
      for (const bound of [...bounds, Infinity]) {
        const le = bound === Infinity ? '+Inf' : String(bound)
        const below = values.filter((value) => value <= bound).length
        totals.set(seriesText(`${metric}_bucket`, { ...labels, le }), below)
      }
    }
  }
  return totals
}
