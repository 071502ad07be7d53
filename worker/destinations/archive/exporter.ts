import type { ArchiveConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest } from '../../model/types.ts'
import { fillPath } from './path.ts'
import { csvLines } from './csv.ts'
import { fingerprint } from '../shared/fingerprint.ts'
import { jsonLines, type Lines } from '../shared/json-lines.ts'
import { packRequests } from '../shared/pack.ts'
import type { KeyedRow, Row } from '../shared/rows.ts'
import { createRowsExporter } from '../shared/rows-exporter.ts'
import { encodeUtf8 } from '../shared/utf8.ts'

/** A way to write rows into a file. */
interface FileFormat {
  readonly ext: string
  readonly contentType: string
  readonly linesOf: (rows: readonly Row[]) => Lines
}

const FORMATS: Readonly<Record<ArchiveConfig['format'], FileFormat>> = {
  jsonl: { ext: 'jsonl', contentType: 'application/x-ndjson', linesOf: jsonLines },
  csv: { ext: 'csv', contentType: 'text/csv; charset=utf-8', linesOf: csvLines },
}

/**
 * Files of rows in an R2 bucket: one for a window, or several where it would hold more than `rotateBytes` or `maxSeriesPerRequest`.
 * Their rows are deltas, so that the sum of a column over all files is the total.
 *
 * A file's name follows from the window and from the series in it: the same file again is the same object, so a request in doubt
 * is sent again.
 */
export function createArchiveExporter(config: ArchiveConfig, all: ExportContext): Exporter {
  const { name, url, path, format, compression, rotateBytes, maxSeriesPerRequest } = config
  const { ext, contentType, linesOf } = FORMATS[format]
  const isZipped = compression === 'gzip'
  const headers = { ...config.headers, 'content-type': isZipped ? 'application/gzip' : contentType }
  const bucket = url.replace(/\/+$/, '')

  const requestOf = (rows: readonly KeyedRow[], { head, lines }: Lines, timeMs: number): ExportRequest => {
    const keys = rows.flatMap((row) => row.keys)
    const part = fingerprint(keys.toSorted())
    const key = fillPath(path, { destination: name, timeMs, part, ext: isZipped ? `${ext}.gz` : ext })
    return {
      method: 'PUT',
      url: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
      headers,
      body: encodeUtf8(head + lines.join('')),
      encoding: isZipped ? 'gzip' : 'identity',
      keys,
      inDoubt: 'resend',
    }
  }

  const exporter = createRowsExporter({
    temporality: 'delta',
    protocol: `${format === 'csv' ? 'CSV' : 'JSON lines'} in R2${isZipped ? ', gzip' : ''}`,
    all,
    requestsOf: (rows, { timeMs }) => {
      const whole = linesOf(rows.map(({ row }) => row))
      const packable = rows.map((item, i) => ({ item, count: 1, bytes: byteLength(whole.lines[i]!) }))
      const limits = { maxCount: maxSeriesPerRequest, maxBytes: rotateBytes - byteLength(whole.head) }
      const files = packRequests(packable, limits)
      if (files.length === 1) return [requestOf(rows, whole, timeMs)]
      return files.map((file) => requestOf(file, linesOf(file.map(({ row }) => row)), timeMs))
    },
  })
  return { ...exporter, rotateBytes }
}

const byteLength = (text: string): number => encodeUtf8(text).length
