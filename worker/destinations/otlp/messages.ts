/** OTLP metrics with the field names of `metrics.proto`, for the generated code and for JSON. Data only. */

export interface KeyValue {
  readonly key: string
  readonly value: { readonly string_value: string }
}

export interface Resource {
  readonly attributes: readonly KeyValue[]
}

interface Point {
  readonly attributes: readonly KeyValue[]
  /** Ns since 1970, as a bigint: a double holds them only to 256. */
  readonly start_time_unix_nano?: bigint
  readonly time_unix_nano: bigint
  readonly flags?: number
}

export interface NumberDataPoint extends Point {
  readonly as_double?: number
}

export interface ExplicitHistogram {
  readonly count: number
  readonly sum: number
  readonly bucket_counts: readonly number[]
  readonly explicit_bounds: readonly number[]
}

export interface Buckets {
  /** Index of the first bucket; bucket `i` holds the values in (base^i, base^(i+1)]. */
  readonly offset: number
  readonly bucket_counts: readonly number[]
}

export interface ExponentialHistogram {
  readonly count: number
  readonly sum: number
  readonly scale: number
  readonly zero_count: number
  readonly zero_threshold: number
  readonly positive?: Buckets
  readonly negative?: Buckets
}

export type HistogramPoint = Point & (ExplicitHistogram | ExponentialHistogram)

export type DataPoint = NumberDataPoint | HistogramPoint

/** The points of a metric under the name of its kind. */
export type MetricData = 'gauge' | 'sum' | 'histogram' | 'exponential_histogram'

/** The type of a metric. */
export interface MetricHead {
  readonly name: string
  readonly description?: string
  readonly unit?: string
}

export type Metric = MetricHead & {
  readonly [Data in MetricData]?: {
    readonly data_points: readonly DataPoint[]
    readonly aggregation_temporality?: number
    readonly is_monotonic?: boolean
  }
}

export interface ResourceMetrics {
  readonly resource: Resource
  readonly scope_metrics: readonly {
    readonly scope: { readonly name: string }
    readonly metrics: readonly Metric[]
  }[]
}

export interface ExportMetricsServiceRequest {
  readonly resource_metrics: readonly ResourceMetrics[]
}

export interface ExportMetricsServiceResponse {
  readonly partial_success?: {
    readonly rejected_data_points: number
    readonly error_message: string
  }
}
