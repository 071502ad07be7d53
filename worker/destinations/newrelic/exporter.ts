import { roundExact } from '../../../src/protocol/exact-sum.ts'
import { countOf } from '../../../src/protocol/histogram.ts'
import type { ExactSum, Histogram } from '../../../src/protocol/types.ts'
import type { NewRelicConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Delta, Exporter, ExportRequest, MetricKind, SeriesKey, Snapshot } from '../../model/types.ts'
import { rangeOf } from '../shared/histogram-range.ts'
import { type Frame, frameBytes, frameOf, joinList, jsonNumber } from '../shared/json-list.ts'
import { commonOf, createIdentity, type NewRelicAttributes, type NewRelicIdentity } from './attributes.ts'
import { packRequests } from '../shared/pack.ts'
import { mergeSeries, groupBy } from '../shared/merge-series.ts'
import { NEW_RELIC_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { statusReader } from '../shared/status-reader.ts'

/** Bytes of a body before compression: New Relic takes 10^6 a request. Source: "Metric API limits and restricted attributes". */
const MAX_BODY_BYTES = 1_000_000

/** New Relic silently drops points that are 48 h old. The time stamp is the beginning of the window. */
const MAX_AGE_MS = 47 * 3_600_000

/**
 * A gauge that is always 0: the smallest body that is documented as valid. The documentation does not say whether New Relic takes an empty
 * list, and a refused probe would keep a healthy receiver from getting anything.
 */
const PROBE = frameOf('[{"metrics":[{"name":"pharos.probe","type":"gauge","value":0}', ']}]')

interface Block {
  readonly keys: readonly SeriesKey[]
  readonly json: Uint8Array
}

/**
 * New Relic's Metric API: counters as `count`, gauges as `gauge`, histograms as `summary` (count and sum exact, minimum and maximum
 * bounds; quantiles need OTLP). New Relic adds up duplicates, so the operator chooses what to do with a request in doubt.
 * New Relic checks a request after it has answered 202: a later refusal is an `NrIntegrationError` event in the account.
 */
export function createNewRelicExporter(config: NewRelicConfig, all: ExportContext): Exporter {
  const common = commonOf(config)
  const identityOf = createIdentity(all.resourceLabels, common)
  const url = `${config.url.replace(/\/+$/, '')}/metric/v1`
  const headers = {
    ...config.headers,
    'content-type': 'application/json',
    'user-agent': 'pharos-beacon',
  }

  const requestOf = (frame: Frame, blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url,
    headers,
    body: joinList(
      frame,
      blocks.map(({ json }) => json),
    ),
    encoding: 'gzip',
    inDoubt: config.inDoubt,
    keys: blocks.flatMap(({ keys }) => keys),
  })

  const encode = (snapshot: Snapshot, isWanted: (key: SeriesKey) => boolean): ExportRequest[] => {
    const utf8 = new TextEncoder()
    const outputs = new Map<string, NewRelicSeries>()
    const groups = groupBy(snapshot.series, ({ series }) => {
      const output = { kind: series.kind, ...identityOf(series) }
      // No name or value holds a NUL.
      const id = [output.name, output.kind, ...merged(common, output.attributes).flat()].join('\u0000')
      if (!outputs.has(id)) outputs.set(id, output)
      return id
    })
    const blocks = groups.flatMap(([id, members]) => {
      const { keys, total } = mergeSeries(members)
      // The first key stands for all: series that are one at the receiver are sent together, once.
      const json = isWanted(keys[0]!) ? metricJson(outputs.get(id)!, total, snapshot.timeMs) : undefined
      return json === undefined ? [] : [{ keys, json: utf8.encode(json) }]
    })
    const frame = frameFor(snapshot, common)
    const limits = { maxCount: config.maxSeriesPerRequest, maxBytes: MAX_BODY_BYTES - frameBytes(frame) }
    return packRequests(blocks.map(measure), limits).map((request) => requestOf(frame, request))
  }

  return {
    temporality: 'delta',
    protocol: 'New Relic Metric API',
    encode: (snapshot) => {
      const requests = encode(snapshot, () => true)
      return requests.length === 0 ? [] : [{ name: 'values', requests }]
    },
    encodeOnly: (snapshot, step, keys) => (step === 'values' ? encode(snapshot, (key) => keys.has(key)) : []),
    readAnswer: statusReader(NEW_RELIC_RETRY_STATUSES),
    probe: { ...requestOf(PROBE, []), encoding: 'identity' },
    maxAgeMs: MAX_AGE_MS,
  }
}

interface NewRelicSeries extends NewRelicIdentity {
  readonly kind: MetricKind
}

/** All attributes as New Relic sees them: a metric's own stand before the common ones. */
const merged = (common: NewRelicAttributes, own: NewRelicAttributes): [string, string][] =>
  Array.from(new Map([...common, ...own])).sort(([a], [b]) => (a < b ? -1 : 1))

/** One metric as JSON; undefined for a histogram without observations: the count of a summary must be positive. */
function metricJson({ kind, name, attributes }: NewRelicSeries, total: Delta, timeMs: number): string | undefined {
  const value = kind === 'histogram' ? summaryJson(total as Histogram) : jsonNumber(roundExact(total as ExactSum))
  if (value === undefined) return undefined
  const type = { counter: 'count', gauge: 'gauge', histogram: 'summary' }[kind]
  // A gauge is of the end of the window, a count or a summary of all of it.
  const timestamp = kind === 'gauge' ? `"timestamp":${timeMs},` : ''
  const own = attributes.length === 0 ? '' : `,"attributes":${objectJson(attributes)}`
  return `{"name":${JSON.stringify(name)},"type":"${type}",${timestamp}"value":${value}${own}}`
}

function summaryJson(histogram: Histogram): string | undefined {
  const range = rangeOf(histogram)
  if (!range) return undefined
  const [count, sum, min, max] = [countOf(histogram), roundExact(histogram.sum), range.min, range.max].map(jsonNumber)
  return `{"count":${count},"sum":${sum},"min":${min},"max":${max}}`
}

function frameFor({ timeMs, previousMs }: Snapshot, common: NewRelicAttributes): Frame {
  const attributes = common.length === 0 ? '' : `,"attributes":${objectJson(common)}`
  const window = `"timestamp":${previousMs},"interval.ms":${Math.max(1, timeMs - previousMs)}`
  return frameOf(`[{"common":{${window}${attributes}},"metrics":[`, ']}]')
}

const objectJson = (attributes: NewRelicAttributes): string => JSON.stringify(Object.fromEntries(attributes))

const measure = (block: Block): { item: Block; count: number; bytes: number } => ({
  item: block,
  count: 1,
  bytes: block.json.length + 1,
})
