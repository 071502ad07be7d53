import type { ExportContext } from '../../model/export-context.ts'
import type { Series } from '../../model/types.ts'
import { NAMINGS, type Naming } from './names.ts'

export interface Label {
  readonly name: string
  readonly value: string
}

/** Which labels are ours. */
export interface LabelOptions {
  readonly resourceLabels: ExportContext['resourceLabels']
  /** Put on every series that does not have the label already. */
  readonly externalLabels: Readonly<Record<string, string>>
  /** @default names of letters, digits and `_` */
  readonly naming?: Naming
  /** Labels the receiver puts on itself: nothing here may have their names. @default none */
  readonly reserved?: readonly string[]
  /** Labels the buckets of a histogram have, besides `le`. @default none */
  readonly bucketLabels?: readonly string[]
}

/** `labels`, sorted by name, with one more. */
export function withLabel(labels: readonly Label[], label: Label): Label[] {
  const more = [...labels]
  more.splice(indexFor(labels, label.name), 0, label)
  return more
}

// From the end: names come nearly sorted.
function indexFor(labels: readonly Label[], name: string): number {
  let index = labels.length
  while (index > 0 && labels[index - 1]!.name > name) index--
  return index
}

/** Adds a label to sorted ones, joined to the one it meets. An empty label is none: remote-write 1.0 forbids it. */
function addLabel(labels: Label[], name: string, value: string): void {
  if (value === '') return
  const index = indexFor(labels, name)
  const met = labels[index - 1]
  if (met?.name === name) labels[index - 1] = { name, value: `${met.value};${value}` }
  else labels.splice(index, 0, { name, value })
}

const freeName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? freeName(`exported_${name}`, taken) : name

export interface Labeler {
  /** Sorted by name, without `__name__` and `le`. */
  readonly labelsOf: (series: Series) => Label[]
  /** Whether series of one metric that differ have had labels that differ, as far as `labelsOf` was asked. */
  readonly areDistinct: () => boolean
}

/**
 * How the labels of a series are made.
 * An attribute named like a label of ours is `exported_…`, as Prometheus does with what it scrapes, whether or not this series
 * has that label: else a page could write into the series of another service. Attributes that fall on one label are joined by `;`
 * in the order of their names (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", resource attributes).
 */
export function createLabeler(options: LabelOptions): Labeler {
  const { resourceLabels, externalLabels, naming = NAMINGS.legacy, reserved = [], bucketLabels = [] } = options
  const external = Object.entries(externalLabels).filter(([name]) => !reserved.includes(name))
  const serviceLabel = freeName('service', new Set(reserved))
  const releaseLabel = freeName('release', new Set(reserved))
  const ours = new Set([...reserved, ...external.map(([name]) => name)])
  let areDistinct = !ours.has(serviceLabel) && !ours.has(releaseLabel)
  if (resourceLabels.service) ours.add(serviceLabel)
  if (resourceLabels.release) ours.add(releaseLabel)
  const oursAndBuckets = new Set([...ours, 'le', ...bucketLabels])

  const translators = {
    counter: createTranslator(naming, ours),
    gauge: createTranslator(naming, ours),
    histogram: createTranslator(naming, oursAndBuckets),
  }

  const labelsOf = ({ kind, service, release, attributes }: Series): Label[] => {
    const labels: Label[] = []
    if (resourceLabels.service) addLabel(labels, serviceLabel, service)
    else if (service !== '') areDistinct = false
    if (resourceLabels.release) addLabel(labels, releaseLabel, release)
    else if (release !== '') areDistinct = false
    for (const [name, value] of external)
      if (!labels.some((label) => label.name === name)) addLabel(labels, name, value)
    for (const [attribute, value] of attributes) {
      addLabel(labels, translators[kind].translate(attribute), value)
      if (value === '') areDistinct = false
    }
    return labels
  }

  return {
    labelsOf,
    areDistinct: () => areDistinct && Object.values(translators).every((translator) => translator.areDistinct()),
  }
}

/** Attributes to labels, each looked up once. */
function createTranslator(
  { labelName }: Naming,
  taken: ReadonlySet<string>,
): { readonly translate: (attribute: string) => string; readonly areDistinct: () => boolean } {
  const known = new Map<string, string>()
  return {
    translate: (attribute) => {
      let name = known.get(attribute)
      if (name === undefined) {
        name = freeName(labelName(attribute), taken)
        known.set(attribute, name)
      }
      return name
    },
    areDistinct: () => new Set(known.values()).size === known.size,
  }
}
