import type { NewRelicConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Series } from '../../model/types.ts'

// Source: New Relic documentation, "Metric API limits and restricted attributes". Names must be shorter than 255 characters.
const MAX_NAME_LENGTH = 254
const MAX_VALUE_LENGTH = 4_096
/** Attributes of one metric; older pages say 100, which 16 of the page, 2 of the resource and a few common ones stay below. */
const MAX_ATTRIBUTES = 150

/** Names that New Relic overwrites, drops a point for, or takes for an entity of its own, and the keys of its own JSON. */
const RESTRICTED: readonly string[] = [
  'newrelic.source',
  'metricName',
  'endTimestamp',
  'entity.guid',
  'entity.name',
  'entity.type',
  'interval.ms',
  'timestamp',
  'value',
  'common',
  'min',
  'max',
  'count',
  'sum',
  'metrics',
  'type',
  'attributes',
  'accountId',
  'accountID',
  'appId',
  'appID',
  'eventType',
]

/** Attributes sorted by name, no name twice. */
export type NewRelicAttributes = readonly (readonly [name: string, value: string])[]

/** Whole code points: a pair cut in two would be no text. */
const cut = (text: string, maxLength: number): string =>
  text.length > maxLength ? Array.from(text).slice(0, maxLength).join('') : text

const attributeName = (name: string): string => cut(name.replace(/[^A-Za-z0-9:._]/g, '_'), MAX_NAME_LENGTH)

const freeName = (name: string, taken: ReadonlySet<string>): string =>
  taken.has(name) ? freeName(cut(`exported_${name}`, MAX_NAME_LENGTH), taken) : name

/** Attributes of every metric, for the block `common`. */
export const commonOf = ({ commonAttributes }: Pick<NewRelicConfig, 'commonAttributes'>): NewRelicAttributes =>
  sorted(
    new Map(
      Object.entries(commonAttributes)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [freeName(attributeName(name), new Set(RESTRICTED)), cut(value, MAX_VALUE_LENGTH)]),
    ),
  )

/** The identity of a series in New Relic, without the common attributes. */
export interface NewRelicIdentity {
  readonly name: string
  readonly attributes: NewRelicAttributes
}

/**
 * How the name and the attributes of a series are made. The resource becomes `service.name` and `service.version`, as
 * OpenTelemetry has it: New Relic finds the service of a metric by `service.name`, and its own examples carry it.
 *
 * New Relic refuses a point with an attribute of the metric's own name, so a metric that has a name of ours is `exported_…`; and so
 * is a page's attribute with a name that is ours, common, restricted or the metric's. Attributes that fall on one name are joined
 * by `;`, and an empty value is none.
 */
export function createIdentity(
  resourceLabels: ExportContext['resourceLabels'],
  common: NewRelicAttributes,
): (series: Series) => NewRelicIdentity {
  const ours = new Set(common.map(([name]) => name))
  if (resourceLabels.service) ours.add('service.name')
  if (resourceLabels.release) ours.add('service.version')
  const taken = [...RESTRICTED, ...ours]

  return (series) => {
    const metric = freeName(cut(series.name, MAX_NAME_LENGTH), ours)
    const takenHere = new Set(taken).add(metric)
    const found = new Map<string, string>()
    if (resourceLabels.service && series.service !== '') found.set('service.name', series.service)
    if (resourceLabels.release && series.release !== '') found.set('service.version', series.release)
    for (const [attribute, value] of series.attributes) {
      if (value === '') continue
      const name = freeName(attributeName(attribute), takenHere)
      const met = found.get(name)
      found.set(name, cut(met === undefined ? value : `${met};${value}`, MAX_VALUE_LENGTH))
    }
    return { name: metric, attributes: sorted(found).slice(0, Math.max(0, MAX_ATTRIBUTES - common.length)) }
  }
}

const sorted = (attributes: ReadonlyMap<string, string>): NewRelicAttributes =>
  Array.from(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
