import type { MemoryConfig } from '../../../../worker/destinations/memory/config.ts'
import { createMemoryExporter } from '../../../../worker/destinations/memory/exporter.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { countAndSum, decodeRow, readJsonLines } from '../archive/archive-reader.ts'

export const testMemory: MemoryConfig = {
  ...testDestinationBase,
  url: 'memory:main',
  kind: 'memory',
  temporality: 'cumulative',
}

const subject = (temporality: MemoryConfig['temporality']): ContractSubject<MemoryConfig> => ({
  title: `memory, ${temporality}`,
  destination: { ...testMemory, temporality },
  create: createMemoryExporter,
  decode: ({ body }) => readJsonLines(body).map(decodeRow),
  receiver: temporality === 'delta' ? 'adds-once' : 'shows',
  counterName: (name) => name,
  histogramOf: countAndSum,
  maxBytes: Infinity,
  deviations: temporality === 'delta' ? {} : { zeros: 'every row says when its total began' },
})

export const subjects: readonly ContractSubject<MemoryConfig>[] = [subject('cumulative'), subject('delta')]
