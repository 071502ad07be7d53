/**
 * What a body must come to, written from docs/PROTOCOL.md alone and sharing no code with the edge: slow, plain, and
 * exact by BigInt. For a worker with the default configuration and room for every series.
 */
import { histogramOf, increaseOf, isInteger, isNumber, isWithin, plus, times, type Value } from './oracle-values.ts'
import { unitsOf } from './rationals.ts'

/** What a batch adds to one series. */
export interface Effect extends Value {
  readonly series: string
}

export interface ExpectedBatch {
  readonly identity: string
  readonly effects: readonly Effect[]
  /** Points that were left out, and one more where the resource lost something. */
  readonly dropped: number
  readonly isFresh: boolean
}

export type Expected =
  { readonly status: 204; readonly batches: readonly ExpectedBatch[] } | { readonly status: 400 | 413 | 415 | 422 }

type Fields = Record<string, unknown>
const isRecord = (it: unknown): it is Fields => Object.prototype.toString.call(it) === '[object Object]'
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
  return batches?.some(({ isFresh }) => isFresh) ? { status: 204, batches } : { status: 422 }
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
  readonly isWhole: boolean
}

function groupOf(group: unknown, sent: number): ExpectedBatch[] | undefined {
  if (!isRecord(group) || !isRecord(group['resource']) || !Array.isArray(group['batches'])) return undefined
  const session = group['session']
  const weight = Object.hasOwn(group, 'weight') ? group['weight'] : 1
  if (typeof session !== 'string' || session.length !== 16 || /[^\w-]/.test(session)) return undefined
  if (group['batches'].length === 0 || !isInteger(weight, 1, 10_000)) return undefined
  const head = { session, weight, ...resourceOf(group['resource']) }
  const batches = group['batches'].map((batch) => batchOf(batch, sent, head))
  return batches.includes(undefined) ? undefined : (batches as ExpectedBatch[])
}

function resourceOf(resource: Fields): Pick<Head, 'service' | 'release' | 'attributes' | 'isWhole'> {
  const given = Object.fromEntries(Object.entries(resource))
  const { service = '', release = '', attributes: raw = {} } = given
  const entries = isRecord(raw) ? Object.entries(raw) : [['', ''] as const]
  const good = entries.filter(([name, value]) => isName(name, 64) && isAttributeValue(value))
  const kept = good.slice(0, 16).map(([name, value]) => [name, String(value)] as const)
  return {
    service: isText(service) ? service : '',
    release: isText(release) ? release : '',
    attributes: new Map(kept.filter(([, value]) => value !== '')),
    isWhole: isText(service) && isText(release) && kept.length === entries.length,
  }
}

function batchOf(batch: unknown, sent: number, head: Head): ExpectedBatch | undefined {
  if (!Array.isArray(batch) || batch.length !== 4) return undefined
  const [sequence, sealed, counters, histograms] = batch
  if (!isInteger(sequence, 1, 2 ** 53 - 1) || !isNumber(sealed, Number.MAX_VALUE)) return undefined
  if (!Array.isArray(counters) || !Array.isArray(histograms)) return undefined
  const points = counters.length + histograms.length
  if (points < 1 || points > 200) return undefined
  const isFresh = sent - sealed <= 72 * 60 * 60 * 1000
  const parts = [countedOf('counter', counters, head), countedOf('histogram', histograms, head)]
  const all = parts.flatMap((part) => part.effects)
  const effects = isFresh ? all : []
  const left = parts.reduce((sum, part) => sum + part.dropped, 0) + all.length - effects.length
  const dropped = left + (head.isWhole ? 0 : 1)
  if (head.weight > 1 && sequence === 1 && effects.length > 0) effects.push(weightOf(head.weight))
  return { identity: `${head.session} ${sequence}`, effects, dropped, isFresh }
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

interface Counted {
  readonly effects: Effect[]
  /** Points that are left out. Those of equal series are one, once they are added. */
  readonly dropped: number
}

function countedOf(kind: 'counter' | 'histogram', points: readonly unknown[], head: Head): Counted {
  const valid = new Map<string, readonly [name: string, own: ReadonlyMap<string, string>, value: Value]>()
  let dropped = 0
  for (const point of points) {
    const read = pointOf(kind, point, head.weight)
    const identity = JSON.stringify(read && [read[0], sorted(read[1])])
    const before = valid.get(identity)
    const value = read && before ? plus(before[2], read[2]) : read?.[2]
    if (read && value && isWithin(value, head.weight)) valid.set(identity, [read[0], read[1], value])
    else dropped++
  }
  const effects = [...valid.values()].flatMap(([name, own, value]): Effect[] => {
    if (kind === 'counter' && name === 'pharos.dropped' && isPageDrop(own))
      return [{ series: JSON.stringify([kind, name, '', '', ...sorted(own).flat()]), ...value }]
    const all = sorted(new Map([...head.attributes, ...own]))
    if (/^pharos[._]/.test(name) || all.length > 16) return []
    const series = JSON.stringify([kind, name, head.service, head.release, ...all.flat()])
    return [{ series, ...times(value, head.weight) }]
  })
  return { effects, dropped: dropped + valid.size - effects.length }
}

function pointOf(
  kind: 'counter' | 'histogram',
  point: unknown,
  weight: number,
): readonly [string, ReadonlyMap<string, string>, Value] | undefined {
  if (!Array.isArray(point) || point.length < 2 || point.length > 3 || !isName(point[0], 128)) return undefined
  const own = attributesOf(point[2])
  const value = kind === 'counter' ? increaseOf(point[1], weight) : histogramOf(point[1], weight)
  return own && value && [point[0], own, value]
}

const dropReasons =
  'bad_name bad_value bad_attributes bad_shape bad_resource reserved_name unknown_metric metric_limit series_limit ' +
  'expired in_doubt filtered outbox_full rejected too_large'

const isPageDrop = (own: ReadonlyMap<string, string>): boolean =>
  own.size === 2 && own.get('where') === 'page' && dropReasons.split(' ').includes(own.get('reason') ?? '')

const isAttributeValue = (value: unknown): boolean =>
  typeof value === 'boolean' || isNumber(value, Number.MAX_VALUE) || isText(value)

function attributesOf(attributes: unknown): Map<string, string> | undefined {
  if (attributes === undefined) return new Map()
  if (!isRecord(attributes) || Object.keys(attributes).length > 16) return undefined
  const texts = Object.entries(attributes).map(([name, value]) => {
    return isName(name, 64) && isAttributeValue(value) ? ([name, String(value)] as const) : undefined
  })
  if (texts.includes(undefined)) return undefined
  return new Map((texts as [string, string][]).filter(([, value]) => value !== ''))
}
