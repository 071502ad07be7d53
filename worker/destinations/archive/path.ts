import { utcParts } from '../shared/utc.ts'
import { encodeUtf8 } from '../shared/utf8.ts'

export const DEFAULT_PATH = 'pharos/{destination}/{yyyy}/{mm}/{dd}/{time}-{part}.{ext}'

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
 * The mistakes in a template of file names, for the operator; none when it can be used. It must tell any two files apart,
 * else one would replace the other. No message repeats the template's text.
 */
export function pathIssues(path: string): readonly string[] {
  const known = valuesOf(EXAMPLE)
  const words = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, word = '']) => word)
  const literal = path.replace(/\{[^{}]*\}/g, 'x')
  const segments = literal.split('/')
  return [
    ...(words.every((word) => known.has(word))
      ? []
      : [`knows ${[...known.keys()].map((one) => `{${one}}`).join(' ')} only`]),
    ...(/[{}]/.test(literal) ? ['cannot have a "{" or "}" but around a placeholder'] : []),
    ...['time', 'part']
      .filter((word) => !path.includes(`{${word}}`))
      .map((word) => `give it a {${word}}, else one file would replace another`),
    ...(segments.some((segment) => segment === '' || segment === '.' || segment === '..')
      ? ['leave out a "/" at either end, empty folders, "." and ".."']
      : []),
    ...(/\p{Cc}/u.test(path) || !path.isWellFormed() ? ['leave out control characters'] : []),
    ...(encodeUtf8(fillPath(path, EXAMPLE)).length > MAX_KEY_BYTES ? ['make it shorter: R2 takes 1,024 bytes'] : []),
  ]
}
