import type { Histogram } from '../../../src/protocol/types.ts'
import type { HttpConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest, SeriesKey, Snapshot } from '../../model/types.ts'
import { classicCounts, DEFAULT_BOUNDS } from '../shared/classic-histogram.ts'
import { fingerprint } from '../shared/fingerprint.ts'
import { metadataOf } from '../../model/built-in-metrics.ts'
import { packRequests } from '../shared/pack.ts'
import { quantileOf } from '../shared/quantile.ts'
import type { KeyedRow } from '../shared/rows.ts'
import { createRowsExporter } from '../shared/rows-exporter.ts'
import { fillTemplate } from './template.ts'
import { isoTime } from '../shared/utc.ts'
import { encodeUtf8 } from '../shared/utf8.ts'

/** Bytes of the series in one request; servers commonly take 1 MiB. */
const MAX_REQUEST_BYTES = 1_000_000

type Values = (placeholder: string) => unknown

/** A series filled in, and what it counts against the limits. */
interface Filled {
  readonly keys: readonly SeriesKey[]
  readonly content: unknown
}

/**
 * JSON by a template, to any endpoint that takes it.
 *
 * A request in doubt is sent again, byte for byte and with the same `idempotency-key`: a receiver of deltas must store what it has
 * seen once (by that header, or by series and time). A total that ends is sent once more with `ended`.
 * Source of the header: draft-ietf-httpapi-idempotency-key-header.
 */
export function createHttpExporter(config: HttpConfig, all: ExportContext): Exporter {
  const { name, url, method, temporality, template, seriesTemplate, maxSeriesPerRequest } = config
  const limits = { maxCount: maxSeriesPerRequest, maxBytes: MAX_REQUEST_BYTES }

  const requestsOf = (rows: readonly KeyedRow[], snapshot: Snapshot): ExportRequest[] => {
    const shared = sharedValues(snapshot, name)
    const packable = rows.map((row) => {
      const content = fillTemplate(seriesTemplate, seriesValues(row, shared, all))
      const bytes = encodeUtf8(JSON.stringify(content)).length + 1
      return { item: { keys: row.keys, content }, count: 1, bytes }
    })
    return packRequests<Filled>(packable, limits).map((filled) => {
      const keys = filled.flatMap((one) => one.keys)
      const series = filled.map(({ content }) => content)
      const values: Values = (word) => (word === 'series' ? series : shared.get(word))
      return {
        method,
        url,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'pharos-beacon',
          'idempotency-key': `"${snapshot.timeMs}-${fingerprint([name, ...keys.toSorted()])}"`,
          ...config.headers,
        },
        body: encodeUtf8(JSON.stringify(fillTemplate(template, values))),
        encoding: 'identity',
        keys,
        inDoubt: 'resend',
      }
    })
  }

  const { retryStatuses } = config
  return createRowsExporter({ temporality, protocol: 'HTTP JSON', all, requestsOf, retryStatuses })
}

const sharedValues = (snapshot: Snapshot, destination: string): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ['destination', destination],
    ['temporality', snapshot.temporality],
    ['time', isoTime(snapshot.timeMs)],
    ['timeMs', snapshot.timeMs],
    ['previous', isoTime(snapshot.previousMs)],
    ['previousMs', snapshot.previousMs],
  ])

const QUANTILES: ReadonlyMap<string, number> = new Map([
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
])

/** The placeholders of a series, each worked out only when it is asked for. */
function seriesValues({ row, total }: KeyedRow, shared: ReadonlyMap<string, unknown>, all: ExportContext): Values {
  const histogram = row.kind === 'histogram' ? (total as Histogram) : undefined
  const fields = new Map<string, unknown>(Object.entries(row))
  return (word) => {
    if (word === 'row') return row
    if (word === 'ended') return row.ended === true
    if (word === 'help') return metadataOf(row.name, all.metrics).help
    if (word === 'buckets') return histogram && classicBuckets(histogram, metadataOf(row.name, all.metrics).buckets)
    const quantile = QUANTILES.get(word)
    if (quantile !== undefined) return row.kind === 'histogram' ? quantileOf(row, quantile) : undefined
    if (!word.startsWith('attributes.')) return fields.get(word) ?? shared.get(word)
    const attribute = word.slice('attributes.'.length)
    return Object.hasOwn(row.attributes, attribute) ? row.attributes[attribute] : undefined
  }
}

/** Upper bounds and how many observations are at most that large; null stands for infinity. */
function classicBuckets(histogram: Histogram, bounds: readonly number[] = DEFAULT_BOUNDS): [number | null, number][] {
  return classicCounts(histogram, bounds).map((count, slot) => [bounds[slot] ?? null, count])
}
