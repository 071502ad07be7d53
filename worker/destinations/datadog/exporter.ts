import type { DatadogConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Answer, Exporter, ExportRequest, SeriesKey, Snapshot, Verdict } from '../../model/types.ts'
import { createTagger } from './names.ts'
import { type DatadogSeries, groupSeries } from './output-series.ts'
import { createBuckets, seriesOf } from './series.ts'
import { sketchPayloads } from './sketches.ts'
import { frameBytes, frameOf, joinList } from '../shared/json-list.ts'
import { packRequests } from '../shared/pack.ts'
import { DATADOG_RETRY_STATUSES } from '../shared/retry-statuses.ts'
import { statusReader } from '../shared/status-reader.ts'
import { concatBytes } from '../../model/concat-bytes.ts'

/**
 * Bytes of a body before compression, which then cannot exceed the limits either: 500 KB and 5 MiB unpacked for series, 3.2 MB
 * and 60 MiB for sketches. Source: Datadog API reference, "Submit metrics"; vector, src/sinks/datadog/metrics/config.rs.
 */
const MAX_SERIES_BYTES = 500_000
const MAX_SKETCHES_BYTES = 3_000_000

/** Datadog takes points up to an hour old; ten minutes are left for retries. */
const MAX_AGE_MS = 50 * 60_000

const SERIES_FRAME = frameOf('{"series":[', ']}')

/** The part of one output series that goes into a request. */
interface Block {
  readonly keys: readonly SeriesKey[]
  readonly items: readonly Uint8Array[]
}

/**
 * Datadog: counters and gauges as series v2, histograms as sketches (distributions) or as counts.
 *
 * A point of a series replaces an equal one (time stamp, name and tags), so a request in doubt is sent again as it is: that is why
 * two windows never end in one second, and why everything that falls on one name and one set of tags is added up before. Sketches
 * of one second are added by Datadog, so one in doubt is given up.
 */
export function createDatadogExporter(config: DatadogConfig, all: ExportContext): Exporter {
  const url = config.url.replace(/\/+$/, '')
  const asCounts = config.histograms === 'counts'
  const tagsOf = createTagger({
    resourceLabels: all.resourceLabels,
    tags: config.tags,
    reserved: asCounts ? ['lower_bound', 'upper_bound'] : [],
  })
  const bucketsOf = createBuckets(all.metrics)
  const headers = { ...config.headers, 'user-agent': 'pharos-beacon' }

  const seriesRequest = (blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url: `${url}/api/v2/series`,
    headers: { ...headers, 'content-type': 'application/json' },
    body: joinList(
      SERIES_FRAME,
      blocks.flatMap(({ items }) => items),
    ),
    encoding: 'gzip',
    inDoubt: 'resend',
    keys: blocks.flatMap(({ keys }) => keys),
  })

  const sketchesRequest = (blocks: readonly Block[]): ExportRequest => ({
    method: 'POST',
    url: `${url}/api/beta/sketches`,
    // The version of the schema, which the agent and compatible senders give.
    headers: { ...headers, 'content-type': 'application/x-protobuf', 'dd-agent-payload': '4.87.0' },
    body: concatBytes(blocks.flatMap(({ items }) => items)),
    encoding: 'gzip',
    inDoubt: 'drop',
    keys: blocks.flatMap(({ keys }) => keys),
  })

  const pack = (blocks: readonly Block[], maxBytes: number): Block[][] =>
    packRequests(blocks.filter(({ items }) => items.length > 0).map(measure), {
      maxCount: config.maxSeriesPerRequest,
      maxBytes,
    })

  const encodeSeries = (snapshot: Snapshot, outputs: readonly DatadogSeries[]): ExportRequest[] => {
    const time = timeOf(snapshot)
    const isSketch = ({ kind }: DatadogSeries): boolean => kind === 'histogram' && !asCounts
    const utf8 = new TextEncoder()
    const series = outputs
      .filter((output) => !isSketch(output))
      .map((output) => ({ ...output, items: seriesOf(output, time, bucketsOf).map((text) => utf8.encode(text)) }))
    const sketches = outputs
      .filter(isSketch)
      .map((output) => ({ ...output, items: sketchPayloads(output, time.timestampSeconds) }))
    return [
      ...pack(series, MAX_SERIES_BYTES - frameBytes(SERIES_FRAME)).map(seriesRequest),
      ...pack(sketches, MAX_SKETCHES_BYTES).map(sketchesRequest),
    ]
  }

  return {
    temporality: 'delta',
    protocol: asCounts ? 'Datadog series v2' : 'Datadog series v2 and sketches',
    encode: (snapshot) => {
      const requests = encodeSeries(snapshot, groupSeries(snapshot, config, tagsOf))
      return requests.length === 0 ? [] : [{ name: 'values', requests }]
    },
    encodeOnly: (snapshot, step, keys) => {
      if (step !== 'values') return []
      // The first key stands for all: series that are one at the receiver are sent together, once.
      const outputs = groupSeries(snapshot, config, tagsOf).filter((output) => keys.has(output.keys[0]!))
      return encodeSeries(snapshot, outputs)
    },
    readAnswer,
    probe: { ...seriesRequest([]), encoding: 'identity' },
    resolutionMs: 1_000,
    maxAgeMs: MAX_AGE_MS,
  }
}

function timeOf({ timeMs, previousMs }: Snapshot): { timestampSeconds: number; intervalSeconds: number } {
  const timestampSeconds = Math.floor(timeMs / 1_000)
  return { timestampSeconds, intervalSeconds: Math.max(1, timestampSeconds - Math.floor(previousMs / 1_000)) }
}

const measure = (block: Block): { item: Block; count: number; bytes: number } => ({
  item: block,
  count: block.items.length,
  bytes: block.items.reduce((bytes, item) => bytes + item.length + 1, 0),
})

const readStatus = statusReader(DATADOG_RETRY_STATUSES)

function readAnswer(answer: Answer): Verdict {
  const verdict = readStatus(answer)
  const warning = verdict.type === 'accepted' ? warningIn(answer.body) : undefined
  return warning === undefined ? verdict : { type: 'accepted', warning }
}

/** The `errors` of a 202 name points that Datadog took and will not show. */
function warningIn(body: Uint8Array): string | undefined {
  try {
    const answer = JSON.parse(new TextDecoder().decode(body)) as { readonly errors?: unknown } | null
    const errors = Array.isArray(answer?.errors) ? answer.errors : []
    return errors.length === 0 ? undefined : errors.map(String).join('; ')
  } catch {
    return undefined
  }
}
