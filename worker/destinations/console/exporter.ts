import type { ConsoleConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter } from '../../model/types.ts'
import { quantileOf } from '../shared/quantile.ts'
import type { HistogramRow, Row } from '../shared/rows.ts'
import { lineRequests } from '../shared/line-requests.ts'
import { createRowsExporter } from '../shared/rows-exporter.ts'

/**
 * One line for each series, for a developer to read: the row without what is empty, quantiles in place of buckets.
 * All series are in the request; how many of them are logged is the transport's to say (delivery/transports/console.ts).
 */
export const createConsoleExporter = (config: ConsoleConfig, all: ExportContext): Exporter =>
  createRowsExporter({
    temporality: config.temporality,
    protocol: 'console',
    all,
    requestsOf: (rows) =>
      lineRequests(rows, { ...config, url: `console:${encodeURIComponent(config.name)}` }, (row) =>
        lineOf(row, config.name),
      ),
  })

function lineOf(row: Row, destination: string): Readonly<Record<string, unknown>> {
  const { name, kind, unit, service, release, attributes, time, ended } = row
  return {
    destination,
    name,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(service === '' ? {} : { service }),
    ...(release === '' ? {} : { release }),
    kind,
    ...(row.kind === 'histogram' ? { count: row.count, sum: row.sum, ...quantilesOf(row) } : { value: row.value }),
    ...(unit === undefined ? {} : { unit }),
    time,
    ...(ended ? { ended } : {}),
  }
}

const quantilesOf = (row: HistogramRow): Readonly<Record<'p50' | 'p90' | 'p99', number | undefined>> => ({
  p50: quantileOf(row, 0.5),
  p90: quantileOf(row, 0.9),
  p99: quantileOf(row, 0.99),
})
