// Pure: no I/O, no clock, no randomness.
import type { Config, Series } from '../types.ts'
import { labelName } from './names.ts'

export interface Label {
  readonly name: string
  readonly value: string
}

/** Which labels are ours. */
export interface LabelOptions {
  readonly resourceLabels: Config['resourceLabels']
  /** Put on every series that does not have the label already. */
  readonly externalLabels: Readonly<Record<string, string>>
}

export const sortLabels = (labels: readonly Label[]): Label[] => labels.toSorted((a, b) => (a.name < b.name ? -1 : 1))

const freeName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? freeName(`exported_${name}`, taken) : name

/**
 * How the labels of a series are made, sorted by name, without `__name__` and `le`.
 * An attribute named like a label of ours is `exported_…`, as Prometheus does with what it scrapes, whether or not this series
 * has that label: else a page could write into the series of another service. Attributes that fall on one label are joined by `;`
 * in the order of their names (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", resource attributes).
 */
export function createLabeler({ resourceLabels, externalLabels }: LabelOptions): (series: Series) => Label[] {
  const external = Object.entries(externalLabels)
  const ours = new Set(external.map(([name]) => name))
  if (resourceLabels.service) ours.add('service')
  if (resourceLabels.release) ours.add('release')
  const oursAndLe = new Set(ours).add('le')

  return ({ kind, service, release, attributes }) => {
    const labels = new Map(external)
    if (resourceLabels.service && service !== '') labels.set('service', service)
    if (resourceLabels.release && release !== '') labels.set('release', release)
    for (const [attribute, value] of attributes) {
      const name = freeName(labelName(attribute), kind === 'histogram' ? oursAndLe : ours)
      const before = labels.get(name)
      labels.set(name, before === undefined ? value : `${before};${value}`)
    }
    // An empty label is no label in Prometheus, and remote-write 1.0 forbids it.
    return sortLabels(Array.from(labels, ([name, value]) => ({ name, value })).filter(({ value }) => value !== ''))
  }
}
