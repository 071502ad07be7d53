import { quote } from './show.ts'

/** Other libraries' names of an option, in lower case without `_` and `-`. */
const SYNONYMS: Readonly<Record<string, string>> = {
  endpoint: 'url',
  uri: 'url',
  address: 'url',
  host: 'url',
  server: 'url',
  dsn: 'url',
  collectorurl: 'url',
  beaconurl: 'url',
  app: 'service',
  appname: 'service',
  application: 'service',
  name: 'service',
  version: 'release',
  build: 'release',
  env: 'attributes: { environment: … }',
  environment: 'attributes: { environment: … }',
  tags: 'attributes',
  labels: 'attributes',
  dimensions: 'attributes',
  metadata: 'attributes',
  integrations: 'plugins',
  instrumentations: 'plugins',
  collect: 'plugins',
  interval: 'flushIntervalMs',
  period: 'flushIntervalMs',
  sampling: 'sampleRate',
  sample: 'sampleRate',
  samplingrate: 'sampleRate',
  tracessamplerate: 'sampleRate',
  optout: 'consent',
  gdpr: 'consent',
  beforesend: 'filter: filter(fn)',
}

/** Former options, with what to write now. */
const GONE: Readonly<Record<string, string>> = {
  beforeRecord: 'Use filter: filter(fn), with filter from the package.',
  debug: 'Leave it out: the development build always speaks. For the script tag, write data-debug.',
}

/**
 * A text about an unknown option.
 * @param known the names of the options that exist
 */
export function unknownOption(name: string, known: readonly string[]): string {
  if (Object.hasOwn(GONE, name)) return `option ${quote(name)} is gone, and ignored. ${GONE[name]}`
  const meant = meantBy(name, known)
  const advice = meant === undefined ? `The options are: ${known.join(', ')}.` : `Did you mean ${quote(meant)}?`
  return `unknown option ${quote(name)}. It is ignored. ${advice}`
}

const plain = (name: string): string => name.toLowerCase().replace(/[_-]/g, '')

function meantBy(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name)
  if (Object.hasOwn(SYNONYMS, wanted)) return SYNONYMS[wanted]
  const near = known.map((option) => ({ option, distance: distanceBetween(wanted, plain(option)) }))
  const [nearest] = near.sort((a, b) => a.distance - b.distance)
  if (nearest && nearest.distance <= Math.floor(wanted.length / 3)) return nearest.option
  return known.find((option) => isBeginningOf(wanted, plain(option)))
}

/** Finds the option inside names such as `flushInterval`, `serviceName` and `releaseVersion`. */
const isBeginningOf = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a))

/** Letters to insert, to remove, to replace, or to swap with the next: Damerau and Levenshtein, restricted. */
function distanceBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
