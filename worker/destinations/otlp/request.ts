import type { OtlpConfig } from './config.ts'
import type { Temporality } from '../../model/types.ts'
import type {
  Buckets,
  DataPoint,
  ExportMetricsServiceRequest,
  KeyValue,
  Metric,
  MetricData,
  Resource,
} from './messages.ts'
import type { OtlpMetric } from './series.ts'
import { createProtobufWriter } from '../shared/protobuf-writer.ts'
import { writeExportMetricsServiceRequest } from './metrics.generated.js'

/** A point with all that is said of it. */
export interface OtlpItem {
  readonly resource: Resource
  readonly metric: OtlpMetric
  readonly point: DataPoint
}

export interface OtlpOptions {
  readonly encoding: OtlpConfig['encoding']
  readonly temporality: Temporality
}

const SCOPE = { name: 'pharos-beacon' }

/** AggregationTemporality of metrics.proto. */
const TEMPORALITIES: Readonly<Record<Temporality, number>> = { delta: 1, cumulative: 2 }

/** Fields of 64 bits: JSON has them as text. Source: protobuf, "ProtoJSON format". */
const LONG_FIELDS = new Set(['start_time_unix_nano', 'time_unix_nano', 'count', 'zero_count', 'bucket_counts'])

/** The body of a request. Items that follow each other share their resource and their metric. */
export function encodeOtlp(
  items: readonly OtlpItem[],
  { encoding, temporality }: OtlpOptions,
): Uint8Array<ArrayBuffer> {
  const request: ExportMetricsServiceRequest = {
    resource_metrics: runsOf(items, ({ resource }) => resource).map((items) => ({
      resource: items[0]!.resource,
      scope_metrics: [
        { scope: SCOPE, metrics: runsOf(items, ({ metric }) => metric).map((items) => metricOf(items, temporality)) },
      ],
    })),
  }
  if (encoding === 'json') return new TextEncoder().encode(JSON.stringify(toJson(request))) as Uint8Array<ArrayBuffer>
  const writer = createProtobufWriter()
  const writeFixed64 = writer.writeFixed64.bind(writer)
  writer.writeFixed64 = (value: number | bigint) => {
    if (typeof value === 'number') return writeFixed64(value)
    writer.realloc(8)
    writer.dataView.setBigUint64(writer.pos, value, true)
    writer.pos += 8
  }
  writeExportMetricsServiceRequest(request, writer)
  return writer.finish() as Uint8Array<ArrayBuffer>
}

/** At least the bytes that an item takes in a request, before compression. */
export function maxItemBytes(item: OtlpItem, options: OtlpOptions): number {
  if (options.encoding === 'json') return encodeOtlp([item], options).length
  const { resource, metric, point } = item
  const { description = '', unit = '', name } = metric.head
  let bytes = 200 + attributesBytes(resource.attributes) + attributesBytes(point.attributes)
  bytes += 3 * (name.length + description.length + unit.length)
  if ('explicit_bounds' in point) bytes += 16 * point.bucket_counts.length
  if ('scale' in point) bytes += varintsBytes(point.positive) + varintsBytes(point.negative)
  return bytes
}

function varintsBytes(buckets: Buckets | undefined): number {
  let bytes = 0
  // A varint of 2^53 has 8 bytes.
  for (const count of buckets?.bucket_counts ?? []) bytes += count < 128 ? 1 : 8
  return bytes
}

function attributesBytes(attributes: readonly KeyValue[]): number {
  let bytes = 0
  // UTF-8 takes at most three bytes for a UTF-16 code unit.
  for (const { key, value } of attributes) bytes += 20 + 3 * (key.length + value.string_value.length)
  return bytes
}

function metricOf(items: readonly OtlpItem[], temporality: Temporality): Metric {
  const { metric, point } = items[0]!
  const data_points = items.map(({ point }) => point)
  const aggregation_temporality = TEMPORALITIES[temporality]
  if (metric.kind === 'gauge') return { ...metric.head, gauge: { data_points } }
  if (metric.kind === 'counter')
    return { ...metric.head, sum: { data_points, aggregation_temporality, is_monotonic: true } }
  const data: MetricData = 'scale' in point ? 'exponential_histogram' : 'histogram'
  return { ...metric.head, [data]: { data_points, aggregation_temporality } }
}

/** Cuts a list where `of` gives something new. */
function runsOf<T>(list: readonly T[], of: (item: T) => unknown): T[][] {
  const runs: T[][] = []
  let last: unknown
  for (const item of list) {
    if (runs.length > 0 && of(item) === last) runs.at(-1)!.push(item)
    else runs.push([item])
    last = of(item)
  }
  return runs
}

/** A message by the JSON mapping of OTLP: names in lowerCamelCase, integers of 64 bits as text. */
function toJson(message: unknown): unknown {
  if (Array.isArray(message)) return typeof message[0] === 'object' ? message.map(toJson) : message
  if (typeof message !== 'object' || message === null) return message
  const json: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(message))
    json[camelCased(name)] = LONG_FIELDS.has(name) ? textOf(value) : toJson(value)
  return json
}

const camelCased = (name: string): string =>
  name.includes('_') ? name.replace(/_[a-z]/g, ([, letter]) => letter!.toUpperCase()) : name

const textOf = (value: unknown): string | string[] => (Array.isArray(value) ? value.map(String) : String(value))
