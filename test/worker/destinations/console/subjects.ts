import type { ConsoleConfig } from '../../../../worker/destinations/console/config.ts'
import { createConsoleExporter } from '../../../../worker/destinations/console/exporter.ts'
import type { ContractSubject, Decoded } from '../../../contract/exporter-contract.ts'
import { testDestinationBase } from '../../../contract/snapshots.ts'
import { countAndSum, readJsonLines } from '../archive/archive-reader.ts'

export const testConsole: ConsoleConfig = {
  ...testDestinationBase,
  url: 'console:',
  kind: 'console',
  temporality: 'cumulative',
}

const decode = (body: Uint8Array): Decoded[] =>
  readJsonLines(body).map(({ name, time, attributes, service, release, value, count, sum, ended }) => ({
    name,
    labels: {
      ...attributes,
      ...(service === undefined ? {} : { ' service': service }),
      ...(release === undefined ? {} : { ' release': release }),
    },
    timeMs: Date.parse(time),
    value: value ?? count!,
    ...(sum === undefined ? {} : { sum }),
    ...(ended ? { ended } : {}),
  }))

const subject = (temporality: ConsoleConfig['temporality']): ContractSubject<ConsoleConfig> => ({
  title: `console, ${temporality}`,
  destination: { ...testConsole, temporality },
  create: createConsoleExporter,
  decode: ({ body }) => decode(body),
  receiver: temporality === 'delta' ? 'adds-once' : 'shows',
  counterName: (name) => name,
  histogramOf: countAndSum,
  maxBytes: Infinity,
  deviations: temporality === 'delta' ? {} : { zeros: 'a developer reads the total itself' },
})

export const subjects: readonly ContractSubject<ConsoleConfig>[] = [subject('cumulative'), subject('delta')]
