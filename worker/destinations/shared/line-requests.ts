import type { DestinationSettings } from '../../model/destination-settings.ts'
import type { ExportRequest } from '../../model/types.ts'
import { jsonLine } from './json-lines.ts'
import { packRequests } from './pack.ts'
import type { KeyedRow, Row } from './rows.ts'
import { encodeUtf8 } from './utf8.ts'

/** Requests of JSON lines to a local place, one line a series. */
export function lineRequests(
  rows: readonly KeyedRow[],
  { url, maxSeriesPerRequest }: Pick<DestinationSettings, 'url' | 'maxSeriesPerRequest'>,
  lineOf: (row: Row) => unknown,
): ExportRequest[] {
  const packable = rows.map((item) => ({ item, count: 1, bytes: 0 }))
  return packRequests(packable, { maxCount: maxSeriesPerRequest, maxBytes: Infinity }).map((packed) => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-ndjson' },
    body: encodeUtf8(packed.map(({ row }) => jsonLine(lineOf(row))).join('')),
    encoding: 'identity',
    keys: packed.flatMap(({ keys }) => keys),
    inDoubt: 'resend',
  }))
}
