import { isAttributeName } from '../../../src/protocol/series.ts'

/** The values for every template. */
const SHARED_PLACEHOLDERS = ['destination', 'temporality', 'time', 'timeMs', 'previous', 'previousMs']

/** The values for a template of a body. */
export const BODY_PLACEHOLDERS: readonly string[] = ['series', ...SHARED_PLACEHOLDERS]

/** The values for a template of a series; `attributes.page` is one attribute. */
export const SERIES_PLACEHOLDERS: readonly string[] = [
  ...SHARED_PLACEHOLDERS,
  'row',
  'name',
  'kind',
  'unit',
  'help',
  'service',
  'release',
  'attributes',
  'value',
  'count',
  'sum',
  'scale',
  'zero',
  'positive',
  'negative',
  'buckets',
  'p50',
  'p90',
  'p99',
  'start',
  'ended',
]

export const DEFAULT_TEMPLATE: unknown = {
  destination: '{{destination}}',
  temporality: '{{temporality}}',
  previous: '{{previous}}',
  time: '{{time}}',
  series: '{{series}}',
}

/** The whole row, as the archive has it (see rows.ts). */
export const DEFAULT_SERIES_TEMPLATE: unknown = '{{row}}'

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g
const ATTRIBUTE = 'attributes.'
const MAX_DEPTH = 32

/**
 * A template with its placeholders filled in. Text that is nothing but a placeholder becomes the value as it is, null where there is
 * none; inside other text a value is written out, as JSON unless it is text itself, and a missing one is nothing.
 * Filled-in values are data: they are never searched for placeholders.
 */
export function fillTemplate(template: unknown, valueOf: (placeholder: string) => unknown): unknown {
  if (typeof template === 'string') return fillText(template, valueOf)
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, valueOf))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillTemplate(value, valueOf)]))
}

function fillText(text: string, valueOf: (placeholder: string) => unknown): unknown {
  const whole = /^\{\{([^{}]*)\}\}$/.exec(text)
  if (whole) return valueOf(whole[1]!.trim()) ?? null
  return text.replace(PLACEHOLDER, (_, word: string) => {
    const value = valueOf(word.trim())
    if (value === undefined || value === null) return ''
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

/**
 * The mistakes in a template, for the operator; none when it can be used.
 * No message repeats the template's text, which may be a secret by mistake.
 * @param part the kind of template: a body needs {{series}}, and neither has the placeholders of the other. Not checked when undefined.
 */
export function templateIssues(template: unknown, part?: 'body' | 'series'): readonly string[] {
  const texts = textsOf(template, 0)
  if (texts === undefined) return [`give JSON of at most ${MAX_DEPTH} levels`]
  const known = new Set<string>([
    ...(part === 'series' ? [] : BODY_PLACEHOLDERS),
    ...(part === 'body' ? [] : SERIES_PLACEHOLDERS),
  ])
  const isAttribute = (word: string): boolean =>
    part !== 'body' && word.startsWith(ATTRIBUTE) && isAttributeName(word.slice(ATTRIBUTE.length))
  const words = texts.values.flatMap(wordsOf)
  const list = [...known].map((one) => `{{${one}}}`).join(' ')
  return [
    ...(words.every((word) => known.has(word) || isAttribute(word)) ? [] : [`knows ${list} only`]),
    ...(texts.names.some((name) => wordsOf(name).length > 0) ? ['put placeholders into values, not into names'] : []),
    ...(part === 'body' && !words.includes('series') ? ['give it a {{series}}, else nothing is sent'] : []),
  ]
}

const wordsOf = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map(([, word = '']) => word.trim())

/** All text of a JSON value, and all names of fields; undefined for a value that is no JSON. */
function textsOf(value: unknown, depth: number): { names: string[]; values: string[] } | undefined {
  if (depth > MAX_DEPTH) return undefined
  if (typeof value === 'string') return { names: [], values: [value] }
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return { names: [], values: [] }
  if (typeof value !== 'object') return undefined
  const names = Array.isArray(value) ? [] : Object.keys(value)
  const inner = Object.values(value).map((item) => textsOf(item, depth + 1))
  if (inner.includes(undefined)) return undefined
  return {
    names: [...names, ...inner.flatMap((one) => one!.names)],
    values: inner.flatMap((one) => one!.values),
  }
}
