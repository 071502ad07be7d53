import protobuf from 'protobufjs'
import type { ExportRequest } from '../../../../worker/model/types.ts'
import { bitsOf, HISTOGRAM_SCHEMA, type HistogramMessage, type Long } from './decode-native-histogram.ts'
import { decodeLabels, type DecodedSample, decodeSample, expectHeaders } from './decode-remote-write.ts'
import { decodeSnappy } from '../../../support/decode-snappy.ts'

export interface DecodedSample2 extends DecodedSample {
  readonly type: string
  readonly help: string
  readonly unit: string
  /** 0 for none. */
  readonly startMs: number
}

// The official schema with both places a start can be in, but for `value` (see decode-remote-write.ts).
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  package io.prometheus.write.v2;
  message Request { reserved 1 to 3; repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
  message TimeSeries {
    repeated uint32 labels_refs = 1;
    repeated Sample samples = 2;
    repeated Histogram histograms = 3;
    repeated Exemplar exemplars = 4;
    Metadata metadata = 5;
    int64 created_timestamp = 6;
  }
  message Exemplar { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
  message Sample { fixed64 value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }
  message Metadata {
    enum MetricType {
      METRIC_TYPE_UNSPECIFIED = 0;
      METRIC_TYPE_COUNTER = 1;
      METRIC_TYPE_GAUGE = 2;
      METRIC_TYPE_HISTOGRAM = 3;
    }
    MetricType type = 1;
    uint32 help_ref = 3;
    uint32 unit_ref = 4;
  }
  ${HISTOGRAM_SCHEMA}
`,
  { keepCase: true },
)
const Request = root.lookupType('io.prometheus.write.v2.Request')
const { valuesById: types } = root.lookupEnum('io.prometheus.write.v2.Metadata.MetricType')

interface Message {
  readonly symbols: readonly string[]
  readonly timeseries: readonly {
    readonly labels_refs: readonly number[]
    readonly samples: readonly { readonly value: Long; readonly timestamp: Long; readonly start_timestamp: Long }[]
    readonly histograms: readonly HistogramMessage[]
    readonly metadata: { readonly type: number; readonly help_ref: number; readonly unit_ref: number }
    readonly created_timestamp: Long
  }[]
}

/** What a receiver reads in a request, by an independent decoder; throws at what remote-write 2.0 forbids. */
export function decodeRemoteWrite2({ body, headers }: ExportRequest): DecodedSample2[] {
  expectHeaders(headers, {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '2.0.0',
  })
  const { symbols, timeseries } = Request.decode(decodeSnappy(body)) as unknown as Message
  if (symbols[0] !== '') throw new Error(`the first symbol is ${symbols[0]}`)
  if (new Set(symbols).size !== symbols.length) throw new Error('a symbol twice')
  const symbol = (ref: number): string => {
    const text = symbols[ref]
    if (text === undefined) throw new Error(`no symbol ${ref}`)
    return text
  }
  return timeseries.map(({ labels_refs: refs, samples, histograms, metadata, created_timestamp: created }) => {
    if (refs.length % 2 === 1) throw new Error('half a label')
    const texts = refs.map(symbol)
    const labels = Array.from({ length: texts.length / 2 }, (_, i) => [texts[2 * i]!, texts[2 * i + 1]!] as const)
    const start = samples[0]?.start_timestamp ?? histograms[0]?.start_timestamp
    if (!start || bitsOf(start) !== bitsOf(created)) throw new Error('one start here, another there')
    const sample = decodeSample(samples, histograms)
    const startMs = Number(bitsOf(start))
    if (startMs >= sample.timeMs) throw new Error('a start that is not before its sample')
    return {
      ...decodeLabels(labels),
      ...sample,
      type: types[metadata.type]!,
      help: symbol(metadata.help_ref),
      unit: symbol(metadata.unit_ref),
      startMs,
    }
  })
}
