import protobuf from 'protobufjs'
import type { ExportRequest } from '../../../../worker/model/types.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'

// The official schema of opentelemetry-proto v1.7, but for comments, exemplars and summaries.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
  message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; ExponentialHistogram exponential_histogram = 10; }
    repeated KeyValue metadata = 12;
  }
  enum AggregationTemporality { UNSPECIFIED = 0; DELTA = 1; CUMULATIVE = 2; }
  message Gauge { repeated NumberDataPoint data_points = 1; }
  message Sum {
    repeated NumberDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; bool is_monotonic = 3;
  }
  message Histogram { repeated HistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; }
  message ExponentialHistogram {
    repeated ExponentialHistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2;
  }
  message NumberDataPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
    repeated KeyValue attributes = 7; uint32 flags = 8;
  }
  message HistogramDataPoint {
    fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4; optional double sum = 5;
    repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; repeated KeyValue attributes = 9;
    uint32 flags = 10; optional double min = 11; optional double max = 12;
  }
  message ExponentialHistogramDataPoint {
    message Buckets { sint32 offset = 1; repeated uint64 bucket_counts = 2; }
    repeated KeyValue attributes = 1; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
    optional double sum = 5; sint32 scale = 6; fixed64 zero_count = 7; Buckets positive = 8; Buckets negative = 9;
    uint32 flags = 10; optional double min = 12; optional double max = 13; double zero_threshold = 14;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; bytes bytes_value = 7; }
  }
`)
const Request = root.lookupType('ExportMetricsServiceRequest')

interface OtlpKeyValue {
  readonly key: string
  readonly value?: { readonly stringValue?: string }
}

interface OtlpBuckets {
  readonly offset?: number
  readonly bucketCounts?: readonly string[]
}

interface OtlpDataPoint {
  readonly attributes?: readonly OtlpKeyValue[]
  readonly startTimeUnixNano?: string
  readonly timeUnixNano?: string
  readonly flags?: number
  readonly asDouble?: number
  readonly count?: string
  readonly sum?: number
  readonly bucketCounts?: readonly string[]
  readonly explicitBounds?: readonly number[]
  readonly scale?: number
  readonly zeroCount?: string
  readonly positive?: OtlpBuckets
  readonly negative?: OtlpBuckets
}

interface OtlpData {
  readonly dataPoints: readonly OtlpDataPoint[]
  readonly aggregationTemporality?: number
  readonly isMonotonic?: boolean
}

interface OtlpRequest {
  readonly resourceMetrics?: readonly {
    readonly resource?: { readonly attributes?: readonly OtlpKeyValue[] }
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string }
      readonly metrics: readonly {
        readonly name: string
        readonly description?: string
        readonly unit?: string
        readonly gauge?: OtlpData
        readonly sum?: OtlpData
        readonly histogram?: OtlpData
        readonly exponentialHistogram?: OtlpData
      }[]
    }[]
  }[]
}

/** A request as an object, the same for both encodings: integers of 64 bits as text, what is not there undefined. */
export function readOtlp({ body, headers }: ExportRequest): OtlpRequest {
  if (headers['content-type'] === 'application/json') return JSON.parse(new TextDecoder().decode(body)) as OtlpRequest
  if (headers['content-type'] !== 'application/x-protobuf') throw new Error(`content-type ${headers['content-type']}`)
  return Request.toObject(Request.decode(body), { longs: String, enums: Number })
}

/** The message with every default filled in, so that two encodings of one compare equal; a wrong name is lost here. */
export const normalizeOtlp = (message: object): object =>
  Request.toObject(Request.fromObject(message), { longs: String, enums: Number, defaults: true })

/**
 * What a receiver reads in a request, by an independent decoder; throws at what OTLP forbids. Attributes of the resource have
 * labels that begin with `resource:`.
 */
export function decodeOtlp(request: ExportRequest): Decoded[] {
  const decoded: Decoded[] = []
  const resources = new Set<string>()
  for (const { resource, scopeMetrics } of readOtlp(request).resourceMetrics ?? []) {
    const common = labelsOf(resource?.attributes, 'resource:')
    expectNew(resources, JSON.stringify(common))
    for (const { scope, metrics } of scopeMetrics) {
      if (scope.name !== 'pharos-beacon') throw new Error(`scope ${scope.name}`)
      const names = new Set<string>()
      for (const { name, gauge, sum, histogram, exponentialHistogram } of metrics) {
        const data = gauge ?? sum ?? histogram ?? exponentialHistogram
        if (name === '' || !data || data.dataPoints.length === 0) throw new Error(`metric "${name}" is empty`)
        const isNumber = data === gauge || data === sum
        expectNew(names, `${name} ${isNumber}`)
        if (data !== gauge && ![1, 2].includes(data.aggregationTemporality ?? 0)) throw new Error('no temporality')
        if (sum && sum.isMonotonic !== true) throw new Error('not monotonic')
        for (const point of data.dataPoints) {
          if (data !== gauge) expectStart(point)
          decoded.push({
            name,
            ...valueOf(point, isNumber),
            ...timesOf(point),
            labels: { ...common, ...labelsOf(point.attributes) },
          })
        }
      }
    }
  }
  return decoded
}

function valueOf(point: OtlpDataPoint, isNumber: boolean): Pick<Decoded, 'value' | 'sum'> {
  const isStale = point.flags === 1
  if (isNumber) {
    if ((point.asDouble === undefined) !== isStale) throw new Error('a point without a value, or an end with one')
    return { value: point.asDouble ?? 'stale' }
  }
  const {
    bucketCounts,
    explicitBounds = [],
    count = '0',
    zeroCount = '0',
    sum = Number.NaN,
    positive,
    negative,
  } = point
  if (bucketCounts && bucketCounts.length !== explicitBounds.length + 1) throw new Error('buckets and bounds differ')
  const counts = [
    count,
    ...(bucketCounts ?? [zeroCount, ...(positive?.bucketCounts ?? []), ...(negative?.bucketCounts ?? [])]),
  ]
  if (counts.some((count) => typeof count !== 'string')) throw new Error('integers of 64 bits are not text')
  if (counts.slice(1).reduce((total, count) => total + BigInt(count), 0n) !== BigInt(count))
    throw new Error('the count is not that of the buckets')
  return { value: isStale ? 'stale' : Number(count), sum }
}

const NS_PER_MS = 1_000_000n

function timesOf({ startTimeUnixNano = '0', timeUnixNano = '0' }: OtlpDataPoint): Pick<Decoded, 'timeMs' | 'startMs'> {
  const time = BigInt(timeUnixNano)
  const start = BigInt(startTimeUnixNano)
  if (time === 0n || time % NS_PER_MS !== 0n || start % NS_PER_MS !== 0n) throw new Error(`from ${start} to ${time}`)
  return { timeMs: Number(time / NS_PER_MS), startMs: Number(start / NS_PER_MS) }
}

function expectStart({ startTimeUnixNano = '0', timeUnixNano = '0' }: OtlpDataPoint): void {
  const start = BigInt(startTimeUnixNano)
  if (start === 0n || start > BigInt(timeUnixNano)) throw new Error(`${start} is no start of ${timeUnixNano}`)
}

function labelsOf(attributes: readonly OtlpKeyValue[] = [], prefix = ''): Record<string, string> {
  const keys = new Set<string>()
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      expectNew(keys, key)
      if (typeof value?.stringValue !== 'string') throw new Error(`${key} has no text`)
      return [`${prefix}${key}`, value.stringValue]
    }),
  )
}

function expectNew(known: Set<string>, text: string): void {
  if (known.has(text)) throw new Error(`twice: ${text}`)
  known.add(text)
}
