import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { DestinationSettings } from '../../worker/model/destination-settings.ts'
import type { ExportRequest } from '../../worker/model/types.ts'
import { repository } from '../support/paths.ts'
import { type Decoded, describeExporter } from './exporter-contract.ts'
import { createImportExporter } from './own-exporter.ts'
import { counterOf, gaugeOf, snapshotOf, testDestinationBase } from './snapshots.ts'

const destination: DestinationSettings = { ...testDestinationBase, kind: 'import' }

interface Line {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly [number]
  readonly timestamps: readonly [number]
}

function decode({ body }: ExportRequest): Decoded[] {
  const lines = new TextDecoder().decode(body).trimEnd().split('\n')
  return lines.map((line) => {
    const { metric, values, timestamps } = JSON.parse(line) as Line
    const { __name__: name = '', ...labels } = metric
    return { name, labels, timeMs: timestamps[0], value: values[0] }
  })
}

describeExporter({
  title: 'JSON lines of docs/EXPORTERS.md',
  destination,
  create: createImportExporter,
  decode,
  receiver: 'replaces',
  maxBytes: 1_000_000,
  counterName: (name) => name,
  deviations: {
    endings: 'the format has no marker: VictoriaMetrics ends a series by itself',
    resourceLabels: 'the example always sends both',
  },
  histogramOf: (decoded) => {
    const valueOf = (suffix: string): number => Number(decoded.find(({ name }) => name.endsWith(suffix))?.value)
    return { count: valueOf('_count'), sum: valueOf('_sum') }
  },
})

it('begins a new series with a zero at the flush before', () => {
  const snapshot = snapshotOf(counterOf('clicks', 5, { phase: 'new' }), counterOf('old', 1), gaugeOf('g', 2))
  const steps = createImportExporter(destination).encode(snapshot)
  expect(
    steps.map(({ name, requests }) => [name, requests.flatMap(decode).map((it) => [it.name, it.timeMs, it.value])]),
  ).toEqual([
    ['zeros', [['clicks', 10_000, 0]]],
    ['values', [['clicks', 20_000, 5], ['old', 20_000, 1], ['g', 20_000, 2]]], // prettier-ignore
  ])
})

it('is the code that docs/EXPORTERS.md shows, but for the imports', () => {
  const docs = readFileSync(join(repository, 'docs/EXPORTERS.md'), 'utf8')
  const shown = /```ts\n\/\/ src\/import-exporter\.ts\n([^]*?)```/.exec(docs)![1]!
  const file = readFileSync(join(import.meta.dirname, 'own-exporter.ts'), 'utf8')
  const withoutImports = (code: string): string => code.slice(code.indexOf('\n/** '))
  expect(withoutImports(shown)).toBe(withoutImports(file))
})
