import { roundExact } from '../../../src/protocol/exact-sum.ts'
import type { Histogram } from '../../../src/protocol/types.ts'
import { classicCounts } from '../shared/classic-histogram.ts'
import type { Family, PrometheusSeries } from './families.ts'
import { type Label, withLabel } from './labels.ts'

export interface Sample {
  readonly name: string
  readonly labels: readonly Label[]
  readonly value: number
}

/** The samples of one series: one, or for a histogram its buckets ascending, `_sum` and `_count`. */
export function samplesOf({ name, kind, bounds, les }: Family, { labels, total }: PrometheusSeries): Sample[] {
  if (kind !== 'histogram') return [{ name, labels, value: roundExact(total as number[]) }]
  const histogram = total as Histogram
  const counts = classicCounts(histogram, bounds)
  const buckets = counts.map((value, slot) => ({
    name: `${name}_bucket`,
    labels: withLabel(labels, { name: 'le', value: les[slot]! }),
    value,
  }))
  return [
    ...buckets,
    { name: `${name}_sum`, labels, value: roundExact(histogram.sum) },
    { name: `${name}_count`, labels, value: counts.at(-1)! },
  ]
}
