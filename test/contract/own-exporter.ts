import { roundExact } from '../../src/protocol/exact-sum.ts'
import { countOf } from '../../src/protocol/histogram.ts'
import { packRequests } from '../../worker/destinations/shared/pack.ts'
import { mergeSeries, groupBy, type OutputSeries } from '../../worker/destinations/shared/merge-series.ts'
import { statusReader } from '../../worker/destinations/shared/status-reader.ts'
import { encodeUtf8 } from '../../worker/destinations/shared/utf8.ts'
import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { Exporter, ExportRequest, ExportStep, SeriesKey, Snapshot } from '../../worker/model/types.ts'

/** JSON lines as VictoriaMetrics imports them. Source: VictoriaMetrics documentation, "JSON line format". */
export function createImportExporter({ url, headers, maxSeriesPerRequest }: DestinationSettings): Exporter {
  const encode = (snapshot: Snapshot, step: ExportStep['name'], keys?: ReadonlySet<SeriesKey>): ExportRequest[] => {
    const items = groupBy(snapshot.series, ({ series: { kind, name, service, release, attributes } }) =>
      JSON.stringify([kind, { ...Object.fromEntries(attributes), service, release, __name__: name }]),
    ).flatMap(([id, members]) => {
      const output = mergeSeries(members)
      const [kind, labels] = JSON.parse(id) as [string, Record<string, string>]
      const isSent = step === 'values' || (output.phase === 'new' && kind !== 'gauge')
      if (!isSent || (keys && !keys.has(output.keys[0]!))) return []
      // The last value of a series comes before the flush: there the zero stands if the series begins again.
      const atMs = output.phase === 'ending' ? snapshot.timeMs - 1 : snapshot.timeMs
      const time = step === 'zeros' ? snapshot.previousMs : atMs
      const lines = valuesOf(output).map(([suffix, value]) => {
        const metric = { ...labels, __name__: labels['__name__'] + suffix }
        return `${JSON.stringify({ metric, values: [step === 'zeros' ? 0 : value], timestamps: [time] })}\n`
      })
      const text = lines.join('')
      return [{ item: { keys: output.keys, text }, count: lines.length, bytes: encodeUtf8(text).length }]
    })
    return packRequests(items, { maxCount: maxSeriesPerRequest, maxBytes: 1_000_000 }).map((packed) => ({
      method: 'POST',
      url,
      headers,
      body: encodeUtf8(packed.map(({ text }) => text).join('')),
      encoding: 'gzip',
      inDoubt: 'resend',
      keys: packed.flatMap((one) => one.keys),
    }))
  }
  return {
    temporality: 'cumulative',
    protocol: 'JSON lines',
    encode: (snapshot) =>
      (['zeros', 'values'] as const)
        .map((name) => ({ name, requests: encode(snapshot, name) }))
        .filter(({ requests }) => requests.length > 0),
    encodeOnly: encode,
    readAnswer: statusReader(),
  }
}

const valuesOf = ({ total }: OutputSeries): [suffix: string, value: number][] =>
  Array.isArray(total)
    ? [['', roundExact(total)]]
    : [
        ['_count', countOf(total)],
        ['_sum', roundExact(total.sum)],
      ]
