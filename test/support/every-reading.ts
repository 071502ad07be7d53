/** How each receiver of `every-destination` is asked for the same three metrics. */
import { gunzipSync } from 'node:zlib'
import { readCsvRows, readJsonLines, type ReadRow } from '../worker/destinations/archive/archive-reader.ts'
import { readMetrics } from './metrics-page.ts'
import type { Receiver } from './prometheus.ts'
import { baseOf, binQuantile, classicQuantile, sketchValue } from './quantiles.ts'
import type { StandIn } from './stand-in.ts'

export const QUANTILES = [0.5, 0.9, 0.99] as const

/** One histogram. `quantiles` is empty where a receiver keeps none. */
export interface Distribution {
  readonly count: number
  readonly sum: number
  readonly quantiles: readonly number[]
}

/** What a receiver reports: a counter by page, and histograms by page. */
export interface Reading {
  readonly clicks: Readonly<Record<string, number>>
  /** Observed in many batches over several flushes. */
  readonly duration: Readonly<Record<string, Distribution>>
  /** Observed in one batch. */
  readonly once: Readonly<Record<string, Distribution>>
}

export type Read = () => Promise<Reading>

type ByPage = Readonly<Record<string, number>>

interface Sources {
  readonly clicks: () => Promise<ByPage>
  readonly part: (metric: 'duration' | 'once', part: 'count' | 'sum' | number) => Promise<ByPage>
  readonly hasQuantiles?: (metric: 'duration' | 'once') => boolean
}

const reader =
  ({ clicks, part, hasQuantiles = () => true }: Sources): Read =>
  async () => {
    const distributions = async (metric: 'duration' | 'once'): Promise<Record<string, Distribution>> => {
      const [counts, sums] = [await part(metric, 'count'), await part(metric, 'sum')]
      const quantiles = hasQuantiles(metric) ? await Promise.all(QUANTILES.map((q) => part(metric, q))) : []
      return Object.fromEntries(
        Object.entries(counts).map(([page, count]) => [
          page,
          { count, sum: sums[page] ?? NaN, quantiles: quantiles.map((one) => one[page] ?? NaN) },
        ]),
      )
    }
    return { clicks: await clicks(), duration: await distributions('duration'), once: await distributions('once') }
  }

const byPage = async ({ query }: Receiver, promql: string): Promise<ByPage> =>
  Object.fromEntries((await query(promql)).map(({ labels, points }) => [labels['page'] ?? '', points[0]![1]]))

/** Names as in the Prometheus exposition. */
const PROMETHEUS_NAMES = { clicks: 'all_clicks_total', duration: 'all_duration_seconds', once: 'all_once' } as const
/** Names as they were recorded. */
const DOTTED_NAMES = { clicks: 'all.clicks', duration: 'all.duration', once: 'all.once' } as const

export const readClassic = (receiver: Receiver, where: string): Read =>
  reader({
    clicks: () => byPage(receiver, `${PROMETHEUS_NAMES.clicks}{${where}}`),
    part: (metric, part) => {
      const name = PROMETHEUS_NAMES[metric]
      if (typeof part === 'string') return byPage(receiver, `${name}_${part}{${where}}`)
      return byPage(receiver, `histogram_quantile(${part}, sum by (page, le) (${name}_bucket{${where}}))`)
    },
  })

export const readNative = (receiver: Receiver, where: string): Read =>
  reader({
    clicks: () => byPage(receiver, `${PROMETHEUS_NAMES.clicks}{${where}}`),
    part: (metric, part) => {
      const selector = `${PROMETHEUS_NAMES[metric]}{${where}}`
      if (typeof part === 'string') return byPage(receiver, `histogram_${part}(${selector})`)
      return byPage(receiver, `histogram_quantile(${part}, ${selector})`)
    },
  })

/** OTLP in VictoriaMetrics: its own `vmrange` buckets. */
export const readVmOtlp = (receiver: Receiver, where: string): Read =>
  reader({
    clicks: () => byPage(receiver, `{__name__="${DOTTED_NAMES.clicks}",${where}}`),
    part: (metric, part) => {
      const name = DOTTED_NAMES[metric]
      if (typeof part === 'string') return byPage(receiver, `{__name__="${name}_${part}",${where}}`)
      const buckets = `sum by (page, vmrange) ({__name__="${name}_bucket",${where}})`
      return byPage(receiver, `histogram_quantile(${part}, ${buckets})`)
    },
  })

/** Datadog's points in VictoriaMetrics: as they came, so they are added up here; quantiles of each sketch alone. */
export const readVmDatadog = (receiver: Receiver, where: string): Read => {
  const added = (name: string): Promise<ByPage> =>
    byPage(receiver, `sum by (page) (sum_over_time({__name__="${name}",${where}}[30m]))`)
  return reader({
    clicks: () => added(DOTTED_NAMES.clicks),
    part: (metric, part) =>
      typeof part === 'string'
        ? added(`${DOTTED_NAMES[metric]}.${part}`)
        : byPage(receiver, `last_over_time({__name__="${DOTTED_NAMES[metric]}",quantile="${part}",${where}}[30m])`),
    // Of a metric that came in many sketches nobody has the quantile there.
    hasQuantiles: (metric) => metric === 'once',
  })
}

/** Pages of the exposition format: a Pushgateway's, or the worker's own. @param where a label as it is printed */
export function readExposition(url: string, where: string): Read {
  const samples = async (name: string): Promise<(readonly [page: string, le: number, value: number])[]> =>
    [...(await readMetrics(url))]
      .filter(([sample]) => sample.startsWith(`${name}{`) && sample.includes(where))
      .map(([sample, value]) => {
        const labelOf = (label: string): string => new RegExp(`[{,]${label}="([^"]*)"`).exec(sample)?.[1] ?? ''
        return [labelOf('page'), Number(labelOf('le').replace('+Inf', 'Infinity')), value]
      })
  const plain = async (name: string): Promise<ByPage> =>
    Object.fromEntries((await samples(name)).map(([page, , value]) => [page, value]))
  return reader({
    clicks: () => plain(PROMETHEUS_NAMES.clicks),
    part: async (metric, part) => {
      if (typeof part === 'string') return plain(`${PROMETHEUS_NAMES[metric]}_${part}`)
      const all = await samples(`${PROMETHEUS_NAMES[metric]}_bucket`)
      const pages = Map.groupBy(all, ([page]) => page)
      return Object.fromEntries(
        [...pages].map(([page, own]) => {
          const buckets = own.map(([, le, count]) => [le, count] as const).sort(([a], [b]) => a - b)
          return [page, classicQuantile(buckets, part)]
        }),
      )
    },
  })
}

/** Files of deltas: everything is added up over all that end so. */
export const readFiles =
  (files: () => Promise<ReadonlyMap<string, Uint8Array>>, ending: string): Read =>
  async () => {
    const own = [...(await files())].filter(([key]) => key.endsWith(ending)).map(([, bytes]) => bytes)
    const all = own.flatMap((bytes) => (ending === '.csv' ? readCsvRows(bytes) : readJsonLines(gunzipSync(bytes))))
    const each = async (name: string, valueOf: (rows: readonly ReadRow[]) => number): Promise<ByPage> => {
      const named = all.filter((row) => row.name === name)
      const pages = Map.groupBy(named, ({ attributes }) => attributes['page'] ?? '')
      return Object.fromEntries([...pages].map(([page, rows]) => [page, valueOf(rows)]))
    }
    const total = (column: 'value' | 'count' | 'sum') => (rows: readonly ReadRow[]) =>
      rows.reduce((sum, row) => sum + row[column]!, 0)
    return reader({
      clicks: () => each(DOTTED_NAMES.clicks, total('value')),
      part: (metric, part) =>
        each(DOTTED_NAMES[metric], typeof part === 'string' ? total(part) : (rows) => binQuantile(binsOf(rows), part)),
    })()
  }

/** The middle of every bucket, in proportion. */
const binsOf = (rows: readonly ReadRow[]): (readonly [number, number])[] =>
  rows.flatMap(({ scale, zero, positive }) => [
    [0, zero!] as const,
    ...positive!.map(([index, count]) => [baseOf(scale!) ** (index + 0.5), count] as const),
  ])

/** A vendor's stand-in. `counts`: histograms came as counts of their own. */
export const readStandIn = (standIn: StandIn, histograms: 'counts' | 'sketches' | 'summaries'): Read => {
  const totals = (name: string, field: 'value' | 'count' | 'sum'): ByPage =>
    Object.fromEntries([...standIn.totals(name, 'page')].map(([page, stored]) => [page, stored[field]]))
  return reader({
    clicks: async () => totals(DOTTED_NAMES.clicks, 'value'),
    part: async (metric, part) => {
      const name = DOTTED_NAMES[metric]
      if (typeof part === 'string')
        return histograms === 'counts' ? totals(`${name}.${part}`, 'value') : totals(name, part)
      const sketches = [...standIn.totals(name, 'page')]
      return Object.fromEntries(
        sketches.map(([page, { bins }]) => [
          page,
          binQuantile(
            [...bins].map(([key, count]) => [sketchValue(key), count]),
            part,
          ),
        ]),
      )
    },
    hasQuantiles: () => histograms === 'sketches',
  })
}
