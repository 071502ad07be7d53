import { expect, it } from 'vitest'
import { createConsoleExporter } from '../../../../worker/destinations/console/exporter.ts'
import { readJsonLines } from '../archive/archive-reader.ts'
import { counterOf, histogramOf, snapshotOf, testConfig } from '../../../contract/snapshots.ts'
import { testConsole } from './subjects.ts'

it('leaves out what is empty, and has quantiles in place of buckets', () => {
  const exporter = createConsoleExporter(testConsole, testConfig({ metrics: { latency: { unit: 's' } } }))
  const [step] = exporter.encode(
    snapshotOf(
      counterOf('clicks', 3, { service: 'shop', attributes: { page: '/' }, phase: 'ending' }),
      histogramOf('latency', [0]),
    ),
  )
  expect(readJsonLines(step!.requests[0]!.body)).toEqual([
    {
      destination: 'main',
      name: 'clicks',
      attributes: { page: '/' },
      service: 'shop',
      kind: 'counter',
      value: 3,
      time: '1970-01-01T00:00:20.000Z',
      ended: true,
    },
    {
      destination: 'main',
      name: 'latency',
      kind: 'histogram',
      count: 1,
      sum: 0,
      p50: 0,
      p90: 0,
      p99: 0,
      unit: 's',
      time: '1970-01-01T00:00:20.000Z',
    },
  ])
})
