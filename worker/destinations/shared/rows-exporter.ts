import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter, ExportRequest, SeriesKey, Snapshot } from '../../model/types.ts'
import { type KeyedRow, rowsOf } from './rows.ts'
import { statusReader } from './status-reader.ts'

export interface RowsOptions extends Pick<Exporter, 'temporality' | 'protocol'> {
  readonly all: ExportContext
  /** Requests with all of the rows, in order; with the rows of one of its requests it gives that request again. */
  readonly requestsOf: (rows: readonly KeyedRow[], snapshot: Snapshot) => readonly ExportRequest[]
  /** @default DEFAULT_RETRY_STATUSES */
  readonly retryStatuses?: readonly number[]
}

/** An exporter of rows: one step, and 2xx for a success. */
export function createRowsExporter(options: RowsOptions): Exporter {
  const { temporality, protocol, all, requestsOf, retryStatuses } = options
  const encode = (snapshot: Snapshot, keys?: ReadonlySet<SeriesKey>): readonly ExportRequest[] =>
    requestsOf(rowsOf(snapshot, all, keys), snapshot)
  return {
    temporality,
    protocol,
    encode: (snapshot) => {
      const requests = encode(snapshot)
      return requests.length > 0 ? [{ name: 'values', requests }] : []
    },
    encodeOnly: (snapshot, step, keys) => (step === 'values' ? encode(snapshot, keys) : []),
    readAnswer: statusReader(retryStatuses),
  }
}
