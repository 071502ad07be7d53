import { expect, it } from 'vitest'
import { createMemoryExporter } from '../../../../worker/destinations/memory/exporter.ts'
import { counterOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'
import { testMemory } from './subjects.ts'

it('goes to the memory of its name', () => {
  const [step] = createMemoryExporter({ ...testMemory, name: 'unit test' }, testConfig()).encode(
    snapshotOf(counterOf('a', 1)),
  )
  expect(step!.requests[0]!.url).toBe('memory:unit%20test')
})
