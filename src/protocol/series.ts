import { MAX_ATTRIBUTES, MAX_ATTRIBUTE_NAME_LENGTH, MAX_ATTRIBUTE_VALUE_LENGTH, MAX_NAME_LENGTH } from './limits.ts'
import { isObject } from './json.ts'
import type { Attributes, CanonicalAttributes } from './types.ts'

/** A metric or attribute name. Names that begin with two underscores are Prometheus's own. */
const isWord = (name: string): boolean => /^(?!__)[A-Za-z_][A-Za-z0-9_.]*$/.test(name)

export const isMetricName = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= MAX_NAME_LENGTH && isWord(name)

export const isAttributeName = (name: string): boolean => name.length <= MAX_ATTRIBUTE_NAME_LENGTH && isWord(name)

/**
 * Text that any backend can hold: bounded, no control characters, no lone surrogate (neither JSON nor protobuf could carry it).
 * That is `[\p{Cc}\p{Cs}]`, which takes a page half a millisecond to compile.
 */
export const isAttributeText = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- they are what it looks for
  text.length <= MAX_ATTRIBUTE_VALUE_LENGTH && !/[\0-\x1f\x7f-\x9f\ud800-\udfff]/u.test(text)

/** The value of an attribute as text; undefined where the name or the value is not allowed. */
export function attributeText(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isFinite(value)) return undefined
  const text = String(value)
  return isAttributeName(name) && isAttributeText(text) ? text : undefined
}

export const sortByName = (entries: [string, string][]): [string, string][] =>
  entries.sort(([a], [b]) => (a < b ? -1 : 1))

/**
 * Attributes as identity: values as text, sorted by name, empty values left out (an empty label is no label in Prometheus).
 * `undefined` where a name or value is not allowed, or there are more than MAX_ATTRIBUTES.
 */
export function canonicalAttributes(attributes: Attributes | undefined): CanonicalAttributes | undefined {
  const entries: [string, string][] = []
  if (attributes === undefined) return entries
  if (!isObject(attributes)) return undefined
  const names = Object.keys(attributes)
  if (names.length > MAX_ATTRIBUTES) return undefined
  for (const name of names) {
    const text = attributeText(name, attributes[name])
    if (text === undefined) return undefined
    if (text !== '') entries.push([name, text])
  }
  return sortByName(entries)
}
