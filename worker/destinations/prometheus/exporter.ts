import type { PrometheusConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../../model/types.ts'
import { type Family, groupFamilies } from './families.ts'
import { NAMINGS } from './names.ts'
import { packRequests } from '../shared/pack.ts'
import { type TimeSeries, timeSeriesOf } from './time-series.ts'
import { REMOTE_WRITE_1 } from './write-request.ts'
import { REMOTE_WRITE_2 } from './write-request-2.ts'

/** Bytes of a request before compression; Prometheus takes 32 MiB, proxies in front of it often less. */
const MAX_REQUEST_BYTES = 1_048_576

type StepName = ExportStep['name']

/** The time series of one series: they stay together, so that a histogram is never half there. */
interface Block {
  readonly keys: readonly SeriesKey[]
  readonly timeseries: readonly TimeSeries[]
}

/**
 * Remote-write, 1.0 and 2.0.
 *
 * The step `zeros` holds what must be stored before: a zero at the previous flush for every new series, so that the difference of two samples holds
 * its first value, and once more the last value at the previous flush for every ending one, in case that flush was lost.
 * docs/QUERIES.md shows the results of Prometheus's `increase()` for the samples.
 * The step `values` holds all totals at this flush, unchanged ones too (without them Prometheus forgets a series in 5 minutes),
 * and a stale marker for the ending ones. No request holds two samples of one series, so it can be retried as it is:
 * two samples, the first stored before, are out of order and take every other series of the request with them.
 *
 * A receiver that does not speak 2.0 gets the same in 1.0.
 */
export function createPrometheusExporter(config: PrometheusConfig, all: ExportContext): Exporter {
  const { histograms, version } = config
  const protocol = version === '2.0' ? REMOTE_WRITE_2 : REMOTE_WRITE_1
  const familyOptions = {
    resourceLabels: all.resourceLabels,
    externalLabels: config.externalLabels,
    areSeriesUnique: config.mapping.length === 0,
    naming: NAMINGS[config.names],
    // VictoriaMetrics takes a native histogram apart into buckets with this label.
    bucketLabels: histograms === 'classic' ? [] : ['vmrange'],
  }
  const headers = { ...config.headers, ...protocol.headers }
  const limits = { maxCount: config.maxSeriesPerRequest, maxBytes: MAX_REQUEST_BYTES }

  const requestOf = (blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url: config.url,
    headers,
    body: protocol.encode(blocks.flatMap((block) => block.timeseries)),
    encoding: 'identity',
    inDoubt: 'resend',
    keys: blocks.flatMap((block) => block.keys),
  })

  const measure = (block: Block): { item: Block; count: number; bytes: number } => ({
    item: block,
    count: block.timeseries.length,
    bytes: block.timeseries.reduce((bytes, series) => bytes + protocol.maxSeriesBytes(series), 0),
  })

  const encodeFamilies = (snapshot: Snapshot, step: StepName, families: readonly Family[]): ExportRequest[] => {
    const blocks = families.flatMap((family) =>
      family.series.map((series) => ({
        keys: series.keys,
        timeseries: timeSeriesOf(family, series, { snapshot, step, histograms }),
      })),
    )
    return packRequests(blocks.filter(({ timeseries }) => timeseries.length > 0).map(measure), limits).map(requestOf)
  }

  return {
    temporality: 'cumulative',
    protocol: protocol.name,
    encode: (snapshot) => {
      const families = groupFamilies(snapshot, all.metrics, familyOptions)
      return (['zeros', 'values'] as const)
        .map((name) => ({ name, requests: encodeFamilies(snapshot, name, families) }))
        .filter(({ requests }) => requests.length > 0)
    },
    encodeOnly: (snapshot, step, keys) => {
      // The first key stands for all: series that are one at the receiver are sent together, once.
      const families = groupFamilies(snapshot, all.metrics, familyOptions).map((family) => ({
        ...family,
        series: family.series.filter((series) => keys.has(series.keys[0]!)),
      }))
      return encodeFamilies(snapshot, step, families)
    },
    readAnswer: protocol.readAnswer,
    ...(version === '2.0' ? { fallback: createPrometheusExporter({ ...config, version: '1.0' }, all) } : {}),
  }
}
