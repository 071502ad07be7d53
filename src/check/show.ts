/** Characters of a text that are shown. */
const MAX_SHOWN = 120

/** A text in which a variable that was not set shows as such. */
export const nameUnset = (text: string): string => text.replaceAll('undefined', '<not set>')

/** An address without the parts that could be a password or a key. Throws for a text that is no address. */
export function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url)
  return nameUnset(origin + pathname)
}

/** A text in quotes, on one line and not too long. */
export function quote(text: string): string {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return JSON.stringify(nameUnset(shown))
}

/** A value as a sentence names it: `5`, `"no"`, `null`, `an array`. Throws only where a proxy was revoked. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  if (value === undefined) return 'missing'
  if (typeof value === 'object')
    return Array.isArray(value) ? 'an array' : value instanceof Promise ? 'a promise' : 'an object'
  return `a ${typeof value}`
}

/** A character as a sentence names it. One that cannot be seen, or is easily taken for another, has its code point. */
export function showCharacter(character: string): string {
  const code = character.codePointAt(0)!
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (code > 0x20 && code < 0x7f) return JSON.stringify(character)
  return code === 0x20 ? 'a space' : /[\p{L}\p{N}\p{S}]/u.test(character) ? `"${character}" (${point})` : point
}

/** Whether a part of a text comes from a variable that was not set, or from an object. */
export const isUnset = (text: string): boolean => /(?:^|[^A-Za-z])undefined(?:[^A-Za-z]|$)|\[object \w+\]/.test(text)
