import type { ExportRequest } from '../../../../worker/model/types.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'

interface Metric {
  readonly name: string
  readonly type: 'count' | 'gauge' | 'summary'
  readonly value: number | { readonly count: number; readonly sum: number; readonly min: number; readonly max: number }
  readonly timestamp?: number
  readonly attributes?: Readonly<Record<string, string>>
}

interface Block {
  readonly common: {
    readonly timestamp: number
    readonly 'interval.ms': number
    readonly attributes?: Readonly<Record<string, string>>
  }
  readonly metrics: readonly Metric[]
}

const FORBIDDEN = new Set([
  'newrelic.source',
  'metricName',
  'endTimestamp',
  'entity.guid',
  'entity.name',
  'entity.type',
  'interval.ms',
  'timestamp',
  'value',
  'common',
  'min',
  'max',
  'count',
  'sum',
  'metrics',
])

const fail = (what: string): never => {
  throw new Error(what)
}

/** What New Relic reads in a request; throws at what its documentation forbids. */
export function decodeNewRelic({ body, headers, url, encoding }: ExportRequest): Decoded[] {
  if (!url.endsWith('/metric/v1') || encoding !== 'gzip') fail(`${encoding} to ${url}`)
  if (headers['content-type'] !== 'application/json') fail('no JSON')
  if (body.length > 1_000_000) fail(`${body.length} bytes`)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  // A number without a fraction or an exponent is a long in Java.
  for (const [, digits] of text.matchAll(/[:[](-?\d+)[,}\]]/g)) if (Math.abs(Number(digits)) >= 2 ** 63) fail(digits!)
  return (JSON.parse(text) as readonly Block[]).flatMap(({ common, metrics }) =>
    metrics.map((metric) => readMetric(common, metric)),
  )
}

function readMetric(common: Block['common'], { name, type, value, timestamp, attributes }: Metric): Decoded {
  const labels = { ...common.attributes, ...attributes }
  if (name === '' || name.length > 254 || Object.hasOwn(labels, name)) fail(`metric ${name}`)
  if (Object.keys(labels).length > 150) fail('too many attributes')
  for (const [key, text] of Object.entries(labels)) {
    if (!/^[A-Za-z0-9:._]{1,254}$/.test(key) || FORBIDDEN.has(key)) fail(`attribute ${key}`)
    if (text === '' || text.length > 4_096 || !text.isWellFormed()) fail(`${key}: ${text}`)
  }
  if (!Number.isInteger(common['interval.ms']) || common['interval.ms'] < 1) fail('no interval')
  const timeMs = timestamp ?? common.timestamp + common['interval.ms']
  const startMs = common.timestamp
  if (typeof value === 'number') {
    if (type === 'summary' || value < 0) fail(`${type} ${value}`)
    return { name, labels, timeMs, startMs, value }
  }
  const { count, sum, min, max } = value
  if (type !== 'summary' || count < 1) fail(`${type} of ${count}`)
  if (min > sum / count || sum / count > max) fail(`${min} ${sum / count} ${max}`)
  return { name, labels, timeMs, startMs, value: count, sum }
}
