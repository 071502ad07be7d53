import type { DatadogConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Series } from '../../model/types.ts'

/** Characters of a metric's name and of a tag. Source: Datadog documentation, "Custom Metrics" and "Getting Started with Tags". */
export const MAX_NAME_LENGTH = 200

/**
 * A metric's name in Datadog: ASCII letters, digits, `_` and `.`, a letter first. It is written as Datadog's own normalization
 * leaves it (no two `_` in a row, none beside a dot or at the end): names that would be one there are one here, and are added up.
 */
export function datadogName(name: string, maxLength: number = MAX_NAME_LENGTH): string {
  const valid = name
    .replace(/[^A-Za-z0-9_.]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/__+/g, '_')
    .replace(/_?\._?/g, '.')
  return valid.slice(0, maxLength).replace(/_$/, '') || 'unnamed'
}

const isPlain = (text: string): boolean => /^[a-z0-9\-:./]*$/.test(text)

// Letters of any script stay: tags are Unicode. Lower-cased first, as some letters are another number of them then.
const tagText = (text: string): string =>
  isPlain(text)
    ? text
    : text
        .toLowerCase()
        .replace(/[^\p{L}\p{Nd}_\-:./]/gu, '_')
        .replace(/__+/g, '_')

const tagKey = (text: string): string =>
  tagText(text)
    .replaceAll(':', '_')
    .replace(/^[^\p{L}]+/u, '') || 'attribute'

/** One tag. A value of which nothing is left gives a tag without a value: no tag ends with a colon. */
function tagOf(key: string, value: string): string {
  const tag = `${key}:${tagText(value)}`
  // Whole code points: a cut pair would be no text.
  const cut = tag.length > MAX_NAME_LENGTH ? Array.from(tag).slice(0, MAX_NAME_LENGTH).join('') : tag
  return /[:_]$/.test(cut) ? cut.replace(/[:_]+$/, '') : cut
}

/** Which tags are ours. */
export interface TagOptions {
  readonly resourceLabels: ExportContext['resourceLabels']
  /** Put on every series that does not have the tag already. */
  readonly tags: DatadogConfig['tags']
  /** Keys that mean something to the metric itself. */
  readonly reserved: readonly string[]
}

const freeKey = (key: string, taken: ReadonlySet<string>): string =>
  taken.has(key) ? freeKey(`exported_${key}`, taken) : key

/**
 * How the tags of a series are made: sorted, none twice, so that a set of tags has one spelling. `service` and `version` are the
 * names of Datadog's unified service tagging. An attribute named like a tag of ours is `exported_…`, whether or not this series
 * has that tag: else a page could write into the series of another service. An empty value is no tag.
 */
export function createTagger({ resourceLabels, tags, reserved }: TagOptions): (series: Series) => string[] {
  const external = Object.entries(tags).map(([key, value]) => [tagKey(key), value] as const)
  const ours = new Set([...reserved, ...external.map(([key]) => key)])
  if (resourceLabels.service) ours.add('service')
  if (resourceLabels.release) ours.add('version')
  const keys = new Map<string, string>()
  const keyOf = (attribute: string): string => {
    let key = keys.get(attribute)
    if (key === undefined) keys.set(attribute, (key = freeKey(tagKey(attribute), ours)))
    return key
  }

  return ({ service, release, attributes }) => {
    const found: (readonly [string, string])[] = []
    if (resourceLabels.service) found.push(['service', service])
    if (resourceLabels.release) found.push(['version', release])
    const own = new Set(found.filter(([, value]) => value !== '').map(([key]) => key))
    found.push(...external.filter(([key]) => !own.has(key)))
    for (const [name, value] of attributes) found.push([keyOf(name), value])
    const all = found.filter(([, value]) => value !== '').map(([key, value]) => tagOf(key, value))
    return [...new Set(all)].sort()
  }
}
