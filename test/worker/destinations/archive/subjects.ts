import type { ArchiveConfig } from '../../../../worker/destinations/archive/config.ts'
import { createArchiveExporter } from '../../../../worker/destinations/archive/exporter.ts'
import { DEFAULT_PATH } from '../../../../worker/destinations/archive/path.ts'
import type { ContractSubject } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { countAndSum, decodeRow, readCsvRows, readJsonLines } from './archive-reader.ts'

export const READERS = { jsonl: readJsonLines, csv: readCsvRows } as const
export const FORMATS = ['jsonl', 'csv'] as const

export const archive = (changes: Partial<ArchiveConfig> = {}): ArchiveConfig => ({
  ...testDestinationBase,
  name: 'lake',
  kind: 'archive',
  url: 'r2://ARCHIVE',
  format: 'jsonl',
  compression: 'none',
  path: DEFAULT_PATH,
  rotateBytes: 16_777_216,
  ...changes,
})

const rotateBytes = 200_000

const subject = (title: string, changes: Partial<ArchiveConfig>): ContractSubject<ArchiveConfig> => {
  const destination = archive({ rotateBytes, ...changes })
  return {
    title: `archive, ${title}`,
    destination,
    create: createArchiveExporter,
    decode: ({ body }) => READERS[destination.format](body).map(decodeRow),
    // A file that is written again replaces itself.
    receiver: 'adds-once',
    counterName: (name) => name,
    histogramOf: countAndSum,
    maxBytes: rotateBytes,
  }
}

export const subjects: readonly ContractSubject<ArchiveConfig>[] = [
  subject('jsonl', {}),
  subject('csv', { format: 'csv' }),
  subject('jsonl with gzip', { compression: 'gzip' }),
]
