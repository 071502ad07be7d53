import type { MemoryConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter } from '../../model/types.ts'
import { jsonLine } from '../shared/json-lines.ts'
import { packRequests } from '../shared/pack.ts'
import { createRowsExporter } from '../shared/rows-exporter.ts'
import { encodeUtf8 } from '../shared/utf8.ts'

/** Rows as JSON lines into the memory of this isolate: for tests, see delivery/transports/memory.ts. */
export const createMemoryExporter = (config: MemoryConfig, all: ExportContext): Exporter =>
  createRowsExporter({
    temporality: config.temporality,
    protocol: 'memory',
    all,
    requestsOf: (rows) => {
      const packable = rows.map((item) => ({ item, count: 1, bytes: 0 }))
      return packRequests(packable, { maxCount: config.maxSeriesPerRequest, maxBytes: Infinity }).map((packed) => ({
        method: 'POST',
        url: `memory:${encodeURIComponent(config.name)}`,
        headers: { 'content-type': 'application/x-ndjson' },
        body: encodeUtf8(packed.map(({ row }) => jsonLine(row)).join('')),
        encoding: 'identity',
        keys: packed.flatMap(({ keys }) => keys),
        inDoubt: 'resend',
      }))
    },
  })
