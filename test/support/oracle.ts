/**
 * What a body must come to, written from docs/PROTOCOL.md alone and sharing no code with the edge: slow, plain, and
 * exact by BigInt. For a worker with the default configuration and room for every series.
 */
import { unitsOf } from './rationals.ts'

/** What one point adds to its series. */
export interface Effect {
  readonly series: string
  readonly units: bigint
  readonly zero: number
  /** How many observations were above and below zero; 0 for a counter. */
  readonly positive: number
  readonly negative: number
}

export interface ExpectedBatch {
  readonly identity: string
  readonly effects: readonly Effect[]
  readonly droppedPoints: number
}

export type Expected =
  { readonly status: 204; readonly batches: readonly ExpectedBatch[] } | { readonly status: 400 | 413 | 415 | 422 }

type Fields = Record<string, unknown>
const isRecord = (it: unknown): it is Fields => Object.prototype.toString.call(it) === '[object Object]'
const isInteger = (it: unknown, least: number, most: number): it is number =>
  typeof it === 'number' && it % 1 === 0 && it >= least && it <= most
const isNumber = (it: unknown, most: number): it is number => typeof it === 'number' && it <= most && it >= -most
const isName = (it: unknown, length: number): it is string =>
  typeof it === 'string' &&
  it.length >= 1 &&
  it.length <= length &&
  !it.startsWith('__') &&
  !'0123456789.'.includes(it.charAt(0)) &&
  !/[^A-Za-z0-9_.]/.test(it)
const isText = (it: unknown): it is string =>
  typeof it === 'string' &&
  it.length <= 128 &&
  it.isWellFormed() &&
  Array.from(it).every((character) => character >= ' ' && !(character >= '\u007f' && character <= '\u009f'))

export function expectedOf(text: string): Expected {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { status: 400 }
  }
  const batches = batchesOf(body)
  return batches?.some(({ effects }) => effects.length > 0) ? { status: 204, batches } : { status: 422 }
}

function batchesOf(body: unknown): ExpectedBatch[] | undefined {
  if (!isRecord(body) || body['v'] !== 1 || !isNumber(body['sent'], Number.MAX_VALUE)) return undefined
  const groups = body['groups']
  if (!Array.isArray(groups) || groups.length === 0) return undefined
  const batches: ExpectedBatch[] = []
  for (const group of groups) {
    const more = groupOf(group, body['sent'])
    if (!more) return undefined
    batches.push(...more)
  }
  return batches.length > 500 ? undefined : batches
}

interface Head {
  readonly session: string
  readonly weight: number
  readonly service: string
  readonly release: string
  readonly attributes: ReadonlyMap<string, string>
}

function groupOf(group: unknown, sent: number): ExpectedBatch[] | undefined {
  if (!isRecord(group) || !isRecord(group['resource']) || !Array.isArray(group['batches'])) return undefined
  const session = group['session']
  const weight = Object.hasOwn(group, 'weight') ? group['weight'] : 1
  const { service = '', release = '' } = Object.fromEntries(Object.entries(group['resource']))
  const attributes = attributesOf(group['resource']['attributes'])
  if (typeof session !== 'string' || session.length !== 16 || /[^\w-]/.test(session)) return undefined
  if (!isText(service) || !isText(release) || !attributes || group['batches'].length === 0) return undefined
  if (!isInteger(weight, 1, 10_000)) return undefined
  const head = { session, weight, service, release, attributes }
  const batches = group['batches'].map((batch) => batchOf(batch, sent, head))
  return batches.includes(undefined) ? undefined : (batches as ExpectedBatch[])
}

function batchOf(batch: unknown, sent: number, head: Head): ExpectedBatch | undefined {
  if (!Array.isArray(batch) || batch.length !== 4) return undefined
  const [sequence, sealed, counters, histograms] = batch
  if (!isInteger(sequence, 1, 2 ** 53 - 1) || !isNumber(sealed, Number.MAX_VALUE)) return undefined
  if (!Array.isArray(counters) || !Array.isArray(histograms)) return undefined
  const points = counters.length + histograms.length
  if (points < 1 || points > 200) return undefined
  const isFresh = sent - sealed <= 72 * 60 * 60 * 1000
  const effects = isFresh ? [...effectsOf('counter', counters, head), ...effectsOf('histogram', histograms, head)] : []
  const droppedPoints = points - effects.length
  if (head.weight > 1 && sequence === 1 && effects.length > 0) effects.push(weightOf(head.weight))
  return { identity: `${head.session} ${sequence}`, effects, droppedPoints }
}

const weightOf = (weight: number): Effect => ({
  series: '["histogram","pharos.sample_weight","",""]',
  units: unitsOf([weight]),
  zero: 0,
  positive: 1,
  negative: 0,
})

const sorted = (attributes: ReadonlyMap<string, string>): [string, string][] =>
  [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))

function effectsOf(kind: 'counter' | 'histogram', points: readonly unknown[], head: Head): Effect[] {
  const seen = new Set<string>()
  return points.flatMap((point) => {
    if (!Array.isArray(point) || point.length < 2 || point.length > 3 || !isName(point[0], 128)) return []
    const own = attributesOf(point[2])
    const value = kind === 'counter' ? increaseOf(point[1], head.weight) : histogramOf(point[1], head.weight)
    if (!own || !value) return []
    const ownSorted = sorted(own)
    const identity = JSON.stringify([point[0], ownSorted])
    if (seen.has(identity)) return []
    seen.add(identity)
    const all = sorted(new Map([...head.attributes, ...own]))
    const isReport = kind === 'counter' && point[0] === 'pharos.dropped' && isPageDrop(own)
    if (/^pharos[._]/.test(point[0]) && !isReport) return []
    if (!isReport && all.length > 16) return []
    const series = isReport
      ? [kind, point[0], '', '', ...ownSorted.flat()]
      : [kind, point[0], head.service, head.release, ...all.flat()]
    return [{ series: JSON.stringify(series), ...(isReport ? value : times(value, head.weight)) }]
  })
}

const dropReasons =
  'bad_name bad_value bad_attributes bad_shape duplicate_series reserved_name unknown_metric metric_limit series_limit ' +
  'expired filtered outbox_full rejected too_large'

const isPageDrop = (own: ReadonlyMap<string, string>): boolean =>
  own.size === 2 && own.get('where') === 'page' && dropReasons.split(' ').includes(own.get('reason') ?? '')

function attributesOf(attributes: unknown): Map<string, string> | undefined {
  if (attributes === undefined) return new Map()
  if (!isRecord(attributes) || Object.keys(attributes).length > 16) return undefined
  const texts = Object.entries(attributes).map(([name, value]) => {
    const isPlain = typeof value === 'boolean' || isNumber(value, Number.MAX_VALUE) || isText(value)
    return isName(name, 64) && isPlain ? ([name, String(value)] as const) : undefined
  })
  if (texts.includes(undefined)) return undefined
  return new Map((texts as [string, string][]).filter(([, value]) => value !== ''))
}

type Value = Omit<Effect, 'series'>

const times = ({ units, zero, positive, negative }: Value, weight: number): Value => ({
  units: units * BigInt(weight),
  zero: zero * weight,
  positive: positive * weight,
  negative: negative * weight,
})

function unitsOfSum(sum: unknown, weight: number): bigint | undefined {
  const parts = Array.isArray(sum) ? sum : [sum]
  if (parts.length < 1 || parts.length > 41 || !parts.every((part) => isNumber(part, 1e294 / weight))) return undefined
  return unitsOf(parts)
}

function increaseOf(raw: unknown, weight: number): Value | undefined {
  const units = unitsOfSum(raw, weight)
  return units !== undefined && units > 0n ? { units, zero: 0, positive: 0, negative: 0 } : undefined
}

function histogramOf(raw: unknown, weight: number): Value | undefined {
  if (isNumber(raw, 1e290)) {
    return { units: unitsOf([raw]), zero: Number(raw === 0), positive: Number(raw > 0), negative: Number(raw < 0) }
  }
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 5) return undefined
  const [sum, above, scale = 8, zero = 0, below = []] = raw
  const units = unitsOfSum(sum, weight)
  if (units === undefined || !isInteger(scale, -4, 8) || !isInteger(zero, 0, 2 ** 53 - 1)) return undefined
  const positive = countOf(above, scale)
  const negative = countOf(below, scale)
  if (positive === undefined || negative === undefined) return undefined
  const count = BigInt(zero) + BigInt(positive) + BigInt(negative)
  return count >= 1n && count * BigInt(weight) <= 2n ** 53n - 1n ? { units, zero, positive, negative } : undefined
}

function countOf(buckets: unknown, scale: number): number | undefined {
  if (!Array.isArray(buckets) || buckets.length > 320 || buckets.length % 2 !== 0) return undefined
  let count = 0
  let index = 0
  for (let i = 0; i < buckets.length; i += 2) {
    if (!isInteger(buckets[i], i === 0 ? -(2 ** 53 - 1) : 1, 2 ** 53 - 1)) return undefined
    if (!isInteger(buckets[i + 1], 1, 2 ** 53 - 1)) return undefined
    index += buckets[i]
    count += buckets[i + 1]
    if (index / 2 ** scale < -1075 - 1 / 2 ** scale || index / 2 ** scale >= 1024) return undefined
  }
  return count
}
