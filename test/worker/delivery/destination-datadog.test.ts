import { describe, expect, it } from 'vitest'
import type { DatadogConfig } from '../../../worker/destinations/datadog/config.ts'
import { createDestination } from '../../../worker/delivery/destination.ts'
import type { DeltaDestination, DeltaWindow } from '../../../worker/delivery/destination-api.ts'
import { counterOf, histogramOf, snapshotOf, testDestinationBase } from '../../contract/snapshots.ts'
import { type Answer, createFakeWorld, type FakeWorld } from './fake-world.ts'
import { pushWindow } from './pushing.ts'

const config: DatadogConfig = {
  ...testDestinationBase,
  kind: 'datadog',
  name: 'dog',
  url: 'https://api.datadoghq.example',
  credentials: [{ header: 'dd-api-key', secret: 'DD_API_KEY', scheme: 'plain' }],
  namespace: '',
  tags: {},
  histograms: 'distribution',
}

const counter = counterOf('clicks', 3)
const sketch = histogramOf('latency', [0.1, 0.2])
const window: DeltaWindow = { snapshot: { ...snapshotOf(counter, sketch), temporality: 'delta' }, inDoubt: undefined }

function bench(answer: (path: string) => Answer): { world: FakeWorld; destination: DeltaDestination } {
  const world = createFakeWorld(({ url }) => answer(new URL(url).pathname), { secret: () => 'k3y' })
  return { world, destination: createDestination(config, world) as DeltaDestination }
}

const paths = ({ calls }: FakeWorld): string[] => calls.map(({ url }) => new URL(url).pathname)

describe('a window for Datadog', () => {
  it('goes out with its key, compressed', async () => {
    const { world, destination } = bench(() => 202)
    expect(await pushWindow(destination, window)).toMatchObject({ outcome: 'accepted', requests: { accepted: 2 } })
    expect(paths(world)).toEqual(['/api/v2/series', '/api/beta/sketches'])
    for (const { init } of world.calls)
      expect(init.headers).toMatchObject({ 'dd-api-key': 'k3y', 'content-encoding': 'gzip' })
  })

  it('loses a sketch that was in doubt, and asks before it gives another', async () => {
    let isUp = false
    const { world, destination } = bench((path) => (isUp || path === '/api/v2/series' ? 202 : 'broken'))
    expect(await pushWindow(destination, window)).toMatchObject({ outcome: 'partly', lost: [sketch.key], inDoubt: [] })
    isUp = true
    const next: DeltaWindow = { snapshot: { ...window.snapshot, series: [sketch], timeMs: 30_000 }, inDoubt: undefined }
    expect(await pushWindow(destination, next)).toMatchObject({ outcome: 'accepted', lost: [] })
    expect(paths(world).slice(2)).toEqual(['/api/v2/series', '/api/beta/sketches'])
  })

  it('sends counts in doubt again, byte for byte, and no sketch after a restart', async () => {
    const { world, destination } = bench(() => 502)
    const { inDoubt, notStored } = await pushWindow(destination, window)
    expect([inDoubt, notStored]).toEqual([[[counter.key]], [sketch.key]])
    const restarted = bench(() => 202)
    const report = await pushWindow(restarted.destination, { ...window, inDoubt: 'unknown' })
    expect(report).toMatchObject({ outcome: 'partly', lost: [sketch.key], inDoubt: [], notStored: [] })
    expect(restarted.world.calls.map(({ body }) => body)).toEqual([world.calls[0]!.body])
  })
})
