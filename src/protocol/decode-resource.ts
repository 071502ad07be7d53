import { isObject, type Json } from './json.ts'
import { MAX_ATTRIBUTES } from './limits.ts'
import { attributeText, isAttributeText, sortByName } from './series.ts'
import type { CanonicalAttributes } from './types.ts'

export interface DecodedResource {
  readonly service: string
  readonly release: string
  readonly attributes: CanonicalAttributes
  /** Whether nothing had to be left out. */
  readonly isWhole: boolean
}

/**
 * Reads a resource and leaves out what is not valid: a count without a label is better than no count. Of too many
 * attributes the first MAX_ATTRIBUTES are kept.
 */
export function decodeResource(resource: Readonly<Record<string, Json>>): DecodedResource {
  let isWhole = true
  const textOf = (value: Json = ''): string => {
    if (typeof value === 'string' && isAttributeText(value)) return value
    isWhole = false
    return ''
  }
  const service = textOf(resource['service'])
  const release = textOf(resource['release'])
  const { attributes: raw = {} } = resource
  if (!isObject(raw)) return { service, release, attributes: [], isWhole: false }
  const attributes: [string, string][] = []
  for (const [name, value] of Object.entries(raw)) {
    const text = attributeText(name, value)
    if (text === undefined || attributes.length === MAX_ATTRIBUTES) isWhole = false
    else attributes.push([name, text])
  }
  return { service, release, attributes: sortByName(attributes.filter(([, text]) => text !== '')), isWhole }
}
