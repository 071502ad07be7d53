import type { OtlpConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../../model/types.ts'
import { readOtlpAnswer } from './answer.ts'
import { pointOf } from './points.ts'
import { encodeOtlp, maxItemBytes, type OtlpItem } from './request.ts'
import { type OtlpSeries, otlpSeriesOf } from './series.ts'
import { packRequests } from '../shared/pack.ts'

/** Bytes of a request before compression. The Collector takes 20 MiB, proxies in front of it often less. */
const MAX_REQUEST_BYTES = 1_048_576

type StepName = ExportStep['name']

/** A point and the series it answers for. */
interface Block extends OtlpItem {
  readonly keys: readonly SeriesKey[]
}

/**
 * OTLP/HTTP metrics. Cumulative: the steps are those of remote-write (see prometheus/exporter.ts), as few receivers look at the start time.
 * Delta: one point for the additions between two flushes.
 * Sources: opentelemetry-proto, docs/specification.md, "OTLP/HTTP"; OpenTelemetry specification, metrics/data-model.md.
 */
export function createOtlpExporter(config: OtlpConfig, all: ExportContext): Exporter {
  const { encoding, temporality, histograms } = config
  const options = { encoding, temporality }
  const headers = {
    ...config.headers,
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    'user-agent': 'pharos-beacon',
  }
  const limits = { maxCount: config.maxSeriesPerRequest, maxBytes: MAX_REQUEST_BYTES }

  const requestOf = (blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url: config.url,
    headers,
    body: encodeOtlp(blocks, options),
    encoding: config.compression === 'gzip' ? 'gzip' : 'identity',
    // A delta too: the specification knows that it may be counted twice, and prefers that to a loss ("Duplicate Data").
    inDoubt: 'resend',
    keys: blocks.flatMap((block) => block.keys),
  })

  const encodeSeries = (snapshot: Snapshot, step: StepName, series: readonly OtlpSeries[]): ExportRequest[] => {
    const blocks = series.flatMap((one): Block[] => {
      const point = pointOf(one, step, { snapshot, histograms })
      return point ? [{ keys: one.keys, resource: one.resource, metric: one.metric, point }] : []
    })
    const packable = blocks.map((block) => ({ item: block, count: 1, bytes: maxItemBytes(block, options) }))
    return packRequests(packable, limits).map(requestOf)
  }

  return {
    temporality,
    protocol: `OTLP/HTTP ${encoding === 'json' ? 'JSON' : 'protobuf'}`,
    encode: (snapshot) => {
      const series = otlpSeriesOf(snapshot, config, all)
      return (['zeros', 'values'] as const)
        .map((name) => ({ name, requests: encodeSeries(snapshot, name, series) }))
        .filter(({ requests }) => requests.length > 0)
    },
    encodeOnly: (snapshot, step, keys) => {
      // The first key stands for all: series that are one at the receiver are sent together, once.
      const series = otlpSeriesOf(snapshot, config, all).filter((one) => keys.has(one.keys[0]!))
      return encodeSeries(snapshot, step, series)
    },
    readAnswer: readOtlpAnswer,
    // A server should answer a request without data with success (OTLP specification, OTLP/HTTP "Full Success").
    probe: requestOf([]),
  }
}
