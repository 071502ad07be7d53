import { expect, it } from 'vitest'
import type { ConsoleConfig } from '../../../../worker/destinations/console/config.ts'
import { createConsoleExporter } from '../../../../worker/destinations/console/exporter.ts'
import { countAndSum, readJsonLines } from '../archive/archive-reader.ts'
import { describeExporter, type Decoded } from '../../../contract/exporter-contract.ts'
import { counterOf, histogramOf, snapshotOf, testConfig, testDestinationBase } from '../../../contract/snapshots.ts'

const destination: ConsoleConfig = { ...testDestinationBase, kind: 'console', temporality: 'cumulative' }

for (const temporality of ['cumulative', 'delta'] as const)
  describeExporter({
    title: `console, ${temporality}`,
    destination: { ...destination, temporality },
    create: createConsoleExporter,
    decode: ({ body }) =>
      readJsonLines(body).map(({ name, time, attributes, service, value, count, sum }): Decoded => ({
        name,
        labels: { ...attributes, ...(service === undefined ? {} : { ' service': service }) },
        timeMs: Date.parse(time),
        value: value ?? count!,
        ...(sum === undefined ? {} : { sum }),
      })),
    counterName: (name) => name,
    histogramOf: countAndSum,
  })

it('leaves out what is empty, and has quantiles in place of buckets', () => {
  const exporter = createConsoleExporter(destination, testConfig({ metrics: { latency: { unit: 's' } } }))
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
