// Pure: no I/O, no clock, no randomness.
import type { ArchiveConfig, Config } from '../config/types.ts'
import type { Exporter, ExportRequest } from '../types.ts'
import { fillPath } from './archive-path.ts'
import { encodeCsv, measureCsv } from './csv.ts'
import { fingerprint } from './fingerprint.ts'
import { jsonLine } from './json-lines.ts'
import { packRequests } from './pack.ts'
import type { KeyedRow, Row } from './rows.ts'
import { createRowsExporter } from './rows-exporter.ts'
import { encodeUtf8 } from './utf8.ts'

/** Bytes of a file before compression: it is whole in memory, of which an object of the edge has 128 MB. */
export const DEFAULT_ROTATE_BYTES = 16_777_216

/** A way to write rows into a file. */
interface FileFormat {
  readonly ext: string
  readonly contentType: string
  readonly encode: (rows: readonly Row[]) => string
  /** The header and the lines as they are in a file with all of `rows`; in a file with fewer none is longer. */
  readonly measure: (rows: readonly Row[]) => { readonly head: string; readonly lines: readonly string[] }
}

const FORMATS: Readonly<Record<ArchiveConfig['format'], FileFormat>> = {
  jsonl: {
    ext: 'jsonl',
    contentType: 'application/x-ndjson',
    encode: (rows) => rows.map(jsonLine).join(''),
    measure: (rows) => ({ head: '', lines: rows.map(jsonLine) }),
  },
  csv: { ext: 'csv', contentType: 'text/csv; charset=utf-8', encode: encodeCsv, measure: measureCsv },
}

/**
 * Files of rows in an R2 bucket: one for a window, or several where it would hold more than `rotateBytes` or `maxSeriesPerRequest`.
 * Their rows are deltas, so that the sum of a column over all files is the total.
 *
 * A file's name follows from the window and from the series in it: the same file again is the same object, so a request in doubt
 * is sent again.
 */
export function createArchiveExporter(config: ArchiveConfig, all: Config): Exporter {
  const { name, url, path, format, compression, rotateBytes, maxSeriesPerRequest } = config
  const { ext, contentType, encode, measure } = FORMATS[format]
  const isZipped = compression === 'gzip'
  const headers = { ...config.headers, 'content-type': isZipped ? 'application/gzip' : contentType }
  const bucket = url.replace(/\/+$/, '')

  const requestOf = (rows: readonly KeyedRow[], timeMs: number): ExportRequest => {
    const keys = rows.flatMap((row) => row.keys)
    const part = fingerprint(keys.toSorted())
    const key = fillPath(path, { destination: name, timeMs, part, ext: isZipped ? `${ext}.gz` : ext })
    return {
      method: 'PUT',
      url: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
      headers,
      body: encodeUtf8(encode(rows.map(({ row }) => row))),
      encoding: isZipped ? 'gzip' : 'identity',
      keys,
      inDoubt: 'resend',
    }
  }

  return createRowsExporter({
    temporality: 'delta',
    protocol: `${format === 'csv' ? 'CSV' : 'JSON lines'} in R2${isZipped ? ', gzip' : ''}`,
    all,
    requestsOf: (rows, { timeMs }) => {
      const { head, lines } = measure(rows.map(({ row }) => row))
      const packable = rows.map((item, i) => ({ item, count: 1, bytes: byteLength(lines[i]!) }))
      const limits = { maxCount: maxSeriesPerRequest, maxBytes: rotateBytes - byteLength(head) }
      return packRequests(packable, limits).map((file) => requestOf(file, timeMs))
    },
  })
}

const byteLength = (text: string): number => encodeUtf8(text).length
