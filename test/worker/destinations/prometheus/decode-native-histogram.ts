/** A 64-bit number as protobufjs gives it, without losing a bit. */
export interface Long {
  readonly low: number
  readonly high: number
}

/** The message as protobufjs reads it. */
export interface HistogramMessage {
  readonly count?: 'count_int' | 'count_float'
  readonly count_int: Long
  readonly count_float: number
  readonly sum: Long
  readonly schema: number
  readonly zero_threshold: number
  readonly zero_count_int: Long
  readonly zero_count_float: number
  readonly positive_spans: readonly Span[]
  readonly positive_deltas: readonly Long[]
  readonly positive_counts: readonly number[]
  readonly negative_spans: readonly Span[]
  readonly negative_deltas: readonly Long[]
  readonly negative_counts: readonly number[]
  readonly timestamp: Long
  readonly start_timestamp?: Long
}

interface Span {
  readonly offset: number
  readonly length: number
}

/** What Prometheus reads out of it. */
export interface DecodedHistogram {
  readonly schema: number
  readonly zeroThreshold: number
  readonly zeroCount: number
  /** `[index, count]`, ascending; bucket `i` ends at base^i. */
  readonly positive: readonly (readonly [index: number, count: number])[]
  readonly negative: readonly (readonly [index: number, count: number])[]
}

/** The official schema, but for `sum`: a fixed64 has the same bytes as a double and shows every bit of a NaN. */
export const HISTOGRAM_SCHEMA = `
  message Histogram {
    oneof count { uint64 count_int = 1; double count_float = 2; }
    fixed64 sum = 3;
    sint32 schema = 4;
    double zero_threshold = 5;
    oneof zero_count { uint64 zero_count_int = 6; double zero_count_float = 7; }
    repeated BucketSpan negative_spans = 8;
    repeated sint64 negative_deltas = 9;
    repeated double negative_counts = 10;
    repeated BucketSpan positive_spans = 11;
    repeated sint64 positive_deltas = 12;
    repeated double positive_counts = 13;
    uint32 reset_hint = 14;
    int64 timestamp = 15;
    repeated double custom_values = 16;
    int64 start_timestamp = 17;
  }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
`

export const bitsOf = ({ low, high }: Long): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

/** The double of these bits, or that it ends the series. */
export const valueOf = (bits: Long): number | 'stale' =>
  bitsOf(bits) === 0x7ff0000000000002n
    ? 'stale'
    : new DataView(new BigUint64Array([bitsOf(bits)]).buffer).getFloat64(0, true)

const numberOf = ({ low, high }: Long): number => high * 2 ** 32 + (low >>> 0)

/** Reads a histogram; throws at what Prometheus refuses. */
export function decodeNativeHistogram(message: HistogramMessage): { count: number; histogram: DecodedHistogram } {
  const isFloat = message.count === 'count_float'
  const sideOf = (sign: 'positive' | 'negative'): readonly (readonly [number, number])[] =>
    inPlaces(
      message[`${sign}_spans`],
      isFloat ? message[`${sign}_counts`] : addedUp(message[`${sign}_deltas`].map(numberOf)),
    )
  const positive = sideOf('positive')
  const negative = sideOf('negative')
  const count = isFloat ? message.count_float : numberOf(message.count_int)
  const zeroCount = isFloat ? message.zero_count_float : numberOf(message.zero_count_int)
  const all = [...positive, ...negative].reduce((sum, [, count]) => sum + count, zeroCount)
  if (all !== count) throw new Error(`${all} in buckets, ${count} in all`)
  if (message.schema < -4 || message.schema > 8) throw new Error(`schema ${message.schema}`)
  const { schema, zero_threshold: zeroThreshold } = message
  return { count, histogram: { schema, zeroThreshold, zeroCount, positive, negative } }
}

function addedUp(deltas: readonly number[]): number[] {
  let count = 0
  return deltas.map((delta) => (count += delta))
}

function inPlaces(spans: readonly Span[], counts: readonly number[]): (readonly [number, number])[] {
  let next = 0
  const indexes = spans.flatMap(({ offset, length }, i) => {
    if (length === 0 || (i > 0 && offset <= 0)) throw new Error(`a span of ${length} at ${offset}`)
    const first = next + offset
    next = first + length
    return Array.from({ length }, (_, j) => first + j)
  })
  if (indexes.length !== counts.length) throw new Error(`${counts.length} counts for ${indexes.length} buckets`)
  if (counts.some((count) => count < 0)) throw new Error('a negative bucket')
  return indexes.map((index, i) => [index, counts[i]!] as const)
}
