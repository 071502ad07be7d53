import type { MemoryConfig } from './config.ts'
import type { ExportContext } from '../../model/export-context.ts'
import type { Exporter } from '../../model/types.ts'
import { lineRequests } from '../shared/line-requests.ts'
import { createRowsExporter } from '../shared/rows-exporter.ts'

/** Rows as JSON lines into the memory of this isolate: for tests, see delivery/transports/memory.ts. */
export const createMemoryExporter = (config: MemoryConfig, all: ExportContext): Exporter =>
  createRowsExporter({
    temporality: config.temporality,
    protocol: 'memory',
    all,
    requestsOf: (rows) =>
      lineRequests(rows, { ...config, url: `memory:${encodeURIComponent(config.name)}` }, (row) => row),
  })
