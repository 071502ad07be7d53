// Pure: no I/O, no clock, no randomness.
import { utcParts } from './utc.ts'

export const DEFAULT_ARCHIVE_PATH = 'pharos/{destination}/{yyyy}/{mm}/{dd}/{time}-{part}.{ext}'

/** Bytes of a key. Source: Cloudflare R2, "Limits", object key length. */
const MAX_KEY_BYTES = 1_024

export interface FileName {
  readonly destination: string
  /** End of the window, ms since 1970. */
  readonly timeMs: number
  /** Tells the files of one window apart. */
  readonly part: string
  /** Without the dot before it. */
  readonly ext: string
}

/** `{time}` is the end of the window to the millisecond, as in `20261121T082400.123Z`. */
const valuesOf = ({ destination, timeMs, part, ext }: FileName): ReadonlyMap<string, string> => {
  const { ms, ...parts } = utcParts(timeMs)
  const { yyyy, mm, dd, hh, min, ss } = parts
  const time = `${yyyy}${mm}${dd}T${hh}${min}${ss}.${ms}Z`
  return new Map(Object.entries({ ...parts, time, destination, part, ext }))
}

const EXAMPLE: FileName = { destination: 'x'.repeat(64), timeMs: 0, part: 'x'.repeat(16), ext: 'jsonl.gz' }

/** The key of a file. */
export function fillPath(path: string, name: FileName): string {
  const values = valuesOf(name)
  return path.replace(/\{(\w+)\}/g, (placeholder, word: string) => values.get(word) ?? placeholder)
}

/**
 * What is wrong with a template of file names, for the operator; nothing when it can be used. It must tell any two files apart,
 * else one would replace the other.
 */
export function pathMistakes(path: string): readonly string[] {
  const known = valuesOf(EXAMPLE)
  const unknown = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, word = '']) => word).filter((word) => !known.has(word))
  const literal = path.replace(/\{[^{}]*\}/g, 'x')
  const segments = literal.split('/')
  return [
    ...unknown.map((word) => `{${word}} is not known: use ${[...known.keys()].map((one) => `{${one}}`).join(' ')}`),
    ...(/[{}]/.test(literal) ? ['has a "{" or "}" of its own'] : []),
    ...['time', 'part']
      .filter((word) => !path.includes(`{${word}}`))
      .map((word) => `needs {${word}}, else one file would replace another`),
    ...(segments.some((segment) => segment === '' || segment === '.' || segment === '..')
      ? ['begins or ends with "/", or has an empty part, "." or ".."']
      : []),
    ...(/\p{Cc}/u.test(path) || !path.isWellFormed() ? ['holds a character that no file name can have'] : []),
    ...(new TextEncoder().encode(fillPath(path, EXAMPLE)).length > MAX_KEY_BYTES
      ? ['is too long: R2 takes 1,024 bytes']
      : []),
  ]
}
