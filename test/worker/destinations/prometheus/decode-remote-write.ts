import protobuf from 'protobufjs'
import type { ExportRequest } from '../../../../worker/model/types.ts'
import {
  bitsOf,
  type DecodedHistogram,
  decodeNativeHistogram,
  HISTOGRAM_SCHEMA,
  type HistogramMessage,
  type Long,
  valueOf,
} from './decode-native-histogram.ts'
import { decodeSnappy } from '../../../support/decode-snappy.ts'
import type { Decoded } from '../../../contract/exporter-contract.ts'

/** One sample; a native histogram has its count as `value`. */
export interface DecodedSample extends Decoded {
  readonly timeMs: number
  readonly histogram?: DecodedHistogram
}

// The official schema, but for `value`: a fixed64 has the same bytes as a double and shows every bit of a NaN.
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message WriteRequest { repeated TimeSeries timeseries = 1; reserved 2; repeated Metadata metadata = 3; }
  message Metadata { string metric_family_name = 2; }
  message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
  message Label { string name = 1; string value = 2; }
  message Sample { fixed64 value = 1; int64 timestamp = 2; }
  ${HISTOGRAM_SCHEMA}
`,
  { keepCase: true },
)
const WriteRequest = root.lookupType('WriteRequest')

interface Message {
  readonly timeseries: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[]
    readonly samples: readonly { readonly value: Long; readonly timestamp: Long }[]
    readonly histograms: readonly HistogramMessage[]
  }[]
}

/** What a receiver reads in a request, by an independent decoder; throws at what remote-write 1.0 forbids. */
export function decodeRemoteWrite({ body, headers }: ExportRequest): DecodedSample[] {
  expectHeaders(headers, {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  })
  const { timeseries } = WriteRequest.decode(decodeSnappy(body)) as unknown as Message
  return timeseries.map(({ labels, samples, histograms }) => ({
    ...decodeLabels(labels.map(({ name, value }) => [name, value])),
    ...decodeSample(samples, histograms),
  }))
}

/** Throws at labels that a receiver refuses, or sorts for us. */
export function decodeLabels(labels: readonly (readonly [name: string, value: string])[]): {
  name: string
  labels: Record<string, string>
} {
  const names = labels.map(([name]) => name)
  if (names.join('\n') !== [...new Set(names)].sort().join('\n')) throw new Error(`labels not sorted: ${names.join()}`)
  if (labels.some(([, value]) => value === '')) throw new Error('an empty label')
  const { __name__: name = '', ...rest } = Object.fromEntries(labels)
  return { name, labels: rest }
}

/** The only sample of a series. */
export function decodeSample(
  samples: readonly { readonly value: Long; readonly timestamp: Long }[],
  histograms: readonly HistogramMessage[],
): Pick<DecodedSample, 'timeMs' | 'value' | 'sum' | 'histogram'> {
  if (samples.length + histograms.length !== 1) throw new Error(`${samples.length} + ${histograms.length} samples`)
  const [sample] = samples
  if (sample) return { timeMs: Number(bitsOf(sample.timestamp)), value: valueOf(sample.value) }
  const message = histograms[0]!
  const timeMs = Number(bitsOf(message.timestamp))
  const { count, histogram } = decodeNativeHistogram(message)
  const sum = valueOf(message.sum)
  return sum === 'stale' ? { timeMs, value: 'stale' } : { timeMs, value: count, sum, histogram }
}

export function expectHeaders(
  headers: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(wanted))
    if (headers[name] !== value) throw new Error(`no ${name}: ${value}`)
}
