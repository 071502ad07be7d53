import { expect, it } from 'vitest'
import type { MemoryConfig } from '../../../../worker/destinations/memory/config.ts'
import { createMemoryExporter } from '../../../../worker/destinations/memory/exporter.ts'
import { countAndSum, decodeRow, readJsonLines } from '../archive/archive-reader.ts'
import { describeExporter } from '../../../contract/exporter-contract.ts'
import { counterOf, snapshotOf, testConfig, testDestinationBase } from '../../../contract/snapshots.ts'

const memory: MemoryConfig = { ...testDestinationBase, kind: 'memory', temporality: 'cumulative' }

for (const temporality of ['cumulative', 'delta'] as const)
  describeExporter({
    title: `memory, ${temporality}`,
    destination: { ...memory, temporality },
    create: createMemoryExporter,
    decode: ({ body }) => readJsonLines(body).map(decodeRow),
    counterName: (name) => name,
    histogramOf: countAndSum,
  })

it('goes to the memory of its name', () => {
  const [step] = createMemoryExporter({ ...memory, name: 'unit test' }, testConfig()).encode(
    snapshotOf(counterOf('a', 1)),
  )
  expect(step!.requests[0]!.url).toBe('memory:unit%20test')
})
