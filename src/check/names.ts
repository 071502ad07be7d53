import { quote, showCharacter } from './show.ts'

/**
 * The mistake in a name of a metric or an attribute, as the rest of a sentence that begins with the name; undefined for a right one.
 * @param max characters that it may have
 */
export function mistakeInName(name: string, max: number): string | undefined {
  if (name === '') return 'is empty'
  if (name.length > max) return `has ${name.length} characters, more than ${max}`
  if (name.startsWith('__')) return 'begins with two underscores, which Prometheus keeps for itself'
  const characters = Array.from(name)
  const wrong = characters.findIndex((character) => !/[\w.]/.test(character))
  if (wrong >= 0) return `has ${showCharacter(characters[wrong]!)} as character ${wrong + 1}`
  if (!/^[A-Za-z_]/.test(name)) return `begins with ${showCharacter(characters[0]!)}`
  return undefined
}

/** What to write instead, as a sentence: the nearest name that is right, or the rule. */
export function adviceOnName(name: string, max: number): string {
  const nearest = name
    .replace(/[^\w.]+/g, '_')
    .replace(/^[_.]+(?=[A-Za-z])/, '')
    .replace(/([A-Za-z\d])[_.]+$/, '$1')
    .replace(/^(?=\d)/, '_')
  return mistakeInName(nearest, max) === undefined && /[A-Za-z0-9]/.test(nearest)
    ? `Write ${quote(nearest)}.`
    : `Use letters, digits, "_" and ".", a letter or "_" first, at most ${max}.`
}
