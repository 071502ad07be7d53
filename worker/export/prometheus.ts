// Pure: no I/O, no clock, no randomness.
import type { Config, PrometheusConfig } from '../config/types.ts'
import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../types.ts'
import { type Family, groupFamilies, type PrometheusSeries } from './families.ts'
import { withLabel } from './labels.ts'
import { packRequests } from './pack.ts'
import { samplesOf } from './samples.ts'
import type { TimeSeries } from './time-series.ts'
import { encodeWriteRequest, maxSeriesBytes, STALE_MARKER } from './write-request.ts'

/** Bytes of a request before compression; Prometheus takes 32 MiB, proxies in front of it often less. */
const MAX_REQUEST_BYTES = 1_048_576

type StepName = ExportStep['name']

/** The time series of one series: they stay together, so that a histogram is never half there. */
interface Block {
  readonly keys: readonly SeriesKey[]
  readonly timeseries: readonly TimeSeries[]
}

/**
 * Remote-write 1.0: what every receiver takes without a flag.
 *
 * The step `zeros` holds what must be stored before: a zero at the previous flush for every new series, so that `increase()` is right
 * from its first value, and once more the last value at the previous flush for every ending one, in case that flush was lost.
 * The step `values` holds all totals at this flush, unchanged ones too (without them Prometheus forgets a series in 5 minutes),
 * and a stale marker for the ending ones. No request holds two samples of one series, so it can be retried as it is:
 * two samples, the first stored before, are out of order and take every other series of the request with them.
 */
export function createPrometheusExporter(config: PrometheusConfig, all: Config): Exporter {
  const labelOptions = { resourceLabels: all.resourceLabels, externalLabels: config.externalLabels }
  const headers = {
    ...lowerCased(config.headers),
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'user-agent': 'pharos-beacon',
    'x-prometheus-remote-write-version': '0.1.0',
  }
  const limits = { maxCount: config.maxSeriesPerRequest, maxBytes: MAX_REQUEST_BYTES }

  const requestOf = (blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url: config.url,
    headers,
    body: encodeWriteRequest(blocks.flatMap((block) => block.timeseries)),
    encoding: 'identity',
    inDoubt: 'resend',
    keys: blocks.flatMap((block) => block.keys),
  })

  const encodeFamilies = (snapshot: Snapshot, step: StepName, families: readonly Family[]): ExportRequest[] => {
    const blocks = families.flatMap((family) =>
      family.series.flatMap((series) => blockOf(snapshot, step, { family, series })),
    )
    return packRequests(blocks.map(measure), limits).map(requestOf)
  }

  return {
    temporality: 'cumulative',
    protocol: 'remote-write 1.0',
    encode: (snapshot) => {
      const families = groupFamilies(snapshot, all.metrics, labelOptions)
      return (['zeros', 'values'] as const)
        .map((name) => ({ name, requests: encodeFamilies(snapshot, name, families) }))
        .filter(({ requests }) => requests.length > 0)
    },
    encodeOnly: (snapshot, step, keys) => {
      // The first key stands for all: series that share a place are sent whole, once.
      const families = groupFamilies(snapshot, all.metrics, labelOptions).map((family) => ({
        ...family,
        series: family.series.filter((series) => keys.has(series.keys[0]!)),
      }))
      return encodeFamilies(snapshot, step, families)
    },
    readAnswer: ({ status }) => {
      if (status >= 200 && status < 300) return { type: 'accepted' }
      return { type: status === 429 || status >= 500 ? 'retry' : 'refused' }
    },
  }
}

const measure = (block: Block): { item: Block; count: number; bytes: number } => ({
  item: block,
  count: block.timeseries.length,
  bytes: block.timeseries.reduce((bytes, series) => bytes + maxSeriesBytes(series), 0),
})

function blockOf(
  snapshot: Snapshot,
  step: StepName,
  { family, series }: { family: Family; series: PrometheusSeries },
): Block[] {
  const replace = replacement(step, family, series)
  if (replace === 'nothing') return []
  const timestamp = timestampMs(snapshot, step, series)
  const timeseries = samplesOf(family, series).map(({ name, labels, value }) => ({
    labels: withLabel(labels, { name: '__name__', value: name }),
    samples: [{ value: replace === 'total' ? value : replace, timestamp }],
  }))
  return [{ keys: series.keys, timeseries }]
}

/** What a step sends for a series: its total, a fixed value in its place, or nothing. */
function replacement(step: StepName, { kind }: Family, { phase }: PrometheusSeries): 'total' | 'nothing' | number {
  if (step === 'values') return phase === 'ending' ? STALE_MARKER : 'total'
  if (kind === 'gauge' || phase === 'live') return 'nothing'
  return phase === 'new' ? 0 : 'total'
}

/**
 * A stale marker comes 1 ms before the flush: a series that returns at once has its zero at this flush, and two samples at one
 * time are refused. Repeated in the next flush, after an answer that was lost, it cannot meet the value sent before it either.
 */
function timestampMs({ previousMs, timeMs }: Snapshot, step: StepName, { phase }: PrometheusSeries): number {
  if (step === 'zeros') return previousMs
  return phase === 'ending' ? Math.max(previousMs + 1, timeMs - 1) : timeMs
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
