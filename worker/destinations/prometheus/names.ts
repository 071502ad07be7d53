import type { PrometheusConfig } from './config.ts'
import type { MetricKind } from '../../model/types.ts'

// UCUM to words, as OpenTelemetry's Prometheus translation spells them. A unit that is not listed is used as it is written.
const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
])

const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['min', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
])

const tokensOf = (text: string): string[] => text.split(/[^A-Za-z0-9]+/).filter((token) => token !== '')

/** Part of a unit as words; an annotation such as `{page}` is no unit. */
function unitWords(part: string, known: ReadonlyMap<string, string>): string {
  if (part.includes('{')) return ''
  return known.get(part) ?? tokensOf(part).join('_')
}

/** The words a unit adds to a name: `s` gives `seconds`, `By/s` gives `bytes` and `per_second`, `{page}` nothing. */
function unitSuffixes(unit: string): string[] {
  const slash = unit.indexOf('/')
  const main = unitWords(slash < 0 ? unit : unit.slice(0, slash), UNITS)
  const per = slash < 0 ? '' : unitWords(unit.slice(slash + 1), PER_UNITS)
  return [main, per && `per_${per}`].filter((word) => word !== '')
}

/** The whole unit as Prometheus writes it, '' for none. */
export const unitName = (unit: string): string => unitSuffixes(unit).join('_')

/**
 * The name of a metric in Prometheus: words joined by `_`, the unit, `_ratio` or `_total`, each only once.
 * A counter's name includes `_total`; a histogram's goes on with `_bucket`, `_sum` and `_count`.
 * Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", OTLP metric points to Prometheus. Unlike
 * there, a histogram of unit '1' is a `_ratio` too: it holds what a gauge would have shown.
 */
export function metricName(name: string, kind: MetricKind, unit: string): string {
  let tokens = tokensOf(name)
  for (const suffix of unitSuffixes(unit)) if (!`_${tokens.join('_')}_`.includes(`_${suffix}_`)) tokens.push(suffix)
  if (kind === 'counter') tokens = [...tokens.filter((token) => token !== 'total'), 'total']
  else if (unit === '1') tokens = [...tokens.filter((token) => token !== 'ratio'), 'ratio']
  const joined = tokens.join('_')
  return /^[A-Za-z]/.test(joined) ? joined : `_${joined}`
}

/**
 * The name of an attribute as a label. A leading `_` becomes `key_`: names with two are Prometheus's own.
 * Source: OpenTelemetry's label translation, as Prometheus 3.5 does it.
 */
export function labelName(name: string): string {
  const label = name.replace(/[^A-Za-z0-9_]/g, '_')
  return label.startsWith('_') ? `key${label}` : label
}

/**
 * The name of a metric where UTF-8 is allowed: as it is, and at its end what `metricName` adds there.
 * Source: the translation strategy NoUTF8EscapingWithSuffixes of Prometheus 3.
 */
export function utf8MetricName(name: string, kind: MetricKind, unit: string): string {
  const has = (suffix: string): boolean => `_${tokensOf(name).join('_')}_`.includes(`_${suffix}_`)
  const suffixes = unitSuffixes(unit).filter((suffix) => !has(suffix))
  if (kind === 'counter') return [name.replace(/[._]total$/, ''), ...suffixes, 'total'].join('_')
  return [name, ...suffixes, ...(unit === '1' && !name.endsWith('ratio') ? ['ratio'] : [])].join('_')
}

/** An attribute as a label where UTF-8 is allowed: as it is, but for names that are Prometheus's own. */
export const utf8LabelName = (name: string): string => (name.startsWith('__') ? `key${name}` : name)

/** How metrics and attributes are called. */
export interface Naming {
  readonly metricName: (name: string, kind: MetricKind, unit: string) => string
  readonly labelName: (name: string) => string
}

export const NAMINGS: Readonly<Record<PrometheusConfig['names'], Naming>> = {
  legacy: { metricName, labelName },
  utf8: { metricName: utf8MetricName, labelName: utf8LabelName },
}
