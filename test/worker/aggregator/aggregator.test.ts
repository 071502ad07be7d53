import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fail, ok } from '../../../src/protocol/result.ts'
import { Aggregator } from '../../../worker/aggregator/aggregator.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import type { Env } from '../../../worker/config/env.ts'
import { clearMemory, readMemory } from '../../../worker/delivery/transports/memory.ts'
import type { Snapshot } from '../../../worker/model/types.ts'
import { batch, freshObject, key } from './rig.ts'

const clicks = key('clicks')

const totals = ({ series }: Snapshot): Record<string, unknown> =>
  Object.fromEntries(series.map(({ series: { name, attributes }, total }) => [[name, ...attributes].join(' '), total]))

type Run<T> = (
  aggregator: Aggregator,
  storage: DurableObjectStorage,
  open: (config: unknown) => Aggregator,
) => Promise<T>

/** A second shell over the storage of a fresh object, with another configuration; `open` makes more of them. */
const withConfig = <T>(config: unknown, run: Run<T>): Promise<T> =>
  runInDurableObject(freshObject(), (_, state: DurableObjectState) => {
    const open = (PHAROS: unknown): Aggregator => new Aggregator(state, { ...(env as unknown as Env), PHAROS })
    return run(open(config), state.storage, open)
  })

const pushing = {
  flushIntervalMs: 60_000,
  staleAfterMs: 3_600_000,
  destinations: [{ name: 'main', kind: 'prometheus', url: 'http://prometheus.invalid/api/v1/write' }],
}

const SECRET_DESTINATION = {
  name: 'main',
  kind: 'prometheus',
  url: 'https://prometheus.example.com/api/v1/write?key=hunter2',
  headers: { 'x-region': 'hunter2' },
  bearerTokenSecret: 'PROM_TOKEN',
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the aggregator', () => {
  it('counts, remembers over an eviction, and reports on itself', async () => {
    const aggregator = freshObject()
    await Promise.all([
      aggregator.ingest([batch('a', 1), batch('a', 2)]),
      aggregator.ingest([batch('b', 1, [[clicks, [0.5]]])]),
      aggregator.countRefused('bad_json'),
    ])
    await aggregator.ingest([batch('a', 1)])
    const before = await aggregator.snapshot()
    expect(totals(before)).toMatchObject({
      'clicks page,/': [2.5],
      'pharos.beacons outcome,accepted': [3],
      'pharos.beacons outcome,refused_bad_json': [1],
      'pharos.batches outcome,accepted': [3],
      'pharos.batches outcome,duplicate': [1],
      'pharos.series': [before.series.length],
    })
    await evictDurableObject(aggregator)
    const after = await aggregator.snapshot()
    expect(totals(after)).toEqual(totals(before))
    expect(after.timeMs).toBeGreaterThanOrEqual(before.timeMs)
    expect(after.previousMs).toBeLessThan(after.timeMs)
    expect(after.series.every(({ phase }) => phase === 'live')).toBe(true)
  })

  it('keeps what it counted about itself over a clean restart', async () => {
    const aggregator = freshObject()
    await aggregator.ingest([batch('a', 1)])
    await aggregator.ingest([batch('a', 1)])
    await aggregator.countRefused('bad_json')
    await evictDurableObject(aggregator)
    expect(totals(await aggregator.snapshot())).toMatchObject({
      'pharos.batches outcome,duplicate': [1],
      'pharos.beacons outcome,refused_bad_json': [1],
    })
  })

  it('never has more series than configured, its own included', () =>
    withConfig({ limits: { maxSeries: 20, maxSeriesPerMetric: 5, maxMetrics: 3 } }, async (aggregator) => {
      for (let i = 0; i < 60; i++)
        await aggregator.ingest([batch('a', i + 1, [[key(`metric${i % 6}`, String(i)), [1]]])])
      const { series } = await aggregator.snapshot()
      expect(series.length).toBeLessThanOrEqual(20)
      const counted = series.filter(({ series: { name } }) => name.startsWith('metric'))
      const dropped = series.find(({ series: { attributes } }) => attributes[0]?.[1] === 'metric_limit')
      const sum = counted.reduce((sum, { total }) => sum + (total as number[])[0]!, 0)
      expect(sum + (dropped!.total as number[])[0]!).toBe(60)
    }))

  it('takes beacons with a configuration that is wrong, and says so', () =>
    withConfig('{"destinations": 3}', async (aggregator) => {
      await aggregator.ingest([batch('a', 1)])
      expect(totals(await aggregator.snapshot())).toMatchObject({ 'clicks page,/': [1] })
      expect(await aggregator.health()).toMatchObject({
        status: 'failing',
        destinations: [{ name: 'configuration', state: 'misconfigured' }],
      })
    }))
})

describe('the alarm', () => {
  it('is not set in an object with nothing to do', async () => {
    const aggregator = freshObject()
    await aggregator.snapshot()
    await aggregator.health()
    expect(await runDurableObjectAlarm(aggregator)).toBe(false)
  })

  it('comes with the first beacon, and again after each', async () => {
    const aggregator = freshObject()
    await aggregator.ingest([batch('a', 1)])
    expect(await runDurableObjectAlarm(aggregator)).toBe(true)
    expect(await runDurableObjectAlarm(aggregator)).toBe(true)
  })

  it('is set again by a request that finds it missing', async () => {
    const aggregator = freshObject()
    await aggregator.ingest([batch('a', 1)])
    await runInDurableObject(aggregator, (_, { storage }: DurableObjectState) => storage.deleteAlarm())
    await evictDurableObject(aggregator)
    await aggregator.health()
    const alarmMs = await runInDurableObject(aggregator, (_, { storage }: DurableObjectState) => storage.getAlarm())
    expect(alarmMs! - Date.now()).toBeGreaterThan(defaultConfig.staleAfterMs / 2)
  })

  it('pushes: zeros of new series first, then values', () =>
    withConfig(pushing, async (aggregator, storage) => {
      const urls: unknown[] = []
      vi.spyOn(globalThis, 'fetch').mockImplementation((url) => {
        urls.push(url)
        return Promise.resolve(new Response(null, { status: 204 }))
      })
      await aggregator.ingest([batch('a', 1)])
      await aggregator.alarm()
      expect(urls).toEqual(Array(2).fill(pushing.destinations[0]!.url))
      expect(await aggregator.health()).toMatchObject({ status: 'ok', destinations: [{ name: 'main', state: 'ok' }] })
      expect(totals(await aggregator.snapshot())).toMatchObject({
        'pharos.exports destination,main outcome,accepted': [2],
        'pharos.export_lag destination,main': expect.any(Array),
      })
      await storage.deleteAlarm()
    }))

  it('throws nothing, whatever breaks, and is set all the same', () =>
    withConfig(pushing, async (aggregator, storage) => {
      vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('network down'))
      const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
      await aggregator.ingest([batch('a', 1)])
      await storage.deleteAlarm()
      storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
      await aggregator.alarm()
      expect(String(errors.mock.calls[0]?.map((it) => JSON.stringify(it)))).toContain('disk full')
      expect(await storage.getAlarm()).not.toBeNull()
      await storage.deleteAlarm()
    }))
})

describe('a runtime configuration', () => {
  const both = {
    ...pushing,
    destinations: [...pushing.destinations, { name: 'lake', kind: 'memory', temporality: 'delta' }],
  }

  it('holds at once, and still after a restart; a bad one is refused and the running one stays', () =>
    withConfig(both, async (aggregator, _, open) => {
      const override = { flushIntervalMs: 5_000, destinations: { main: { enabled: false } } }
      expect(await aggregator.setOverride(override)).toEqual(ok(await aggregator.config()))
      const status = async (of: Aggregator): Promise<unknown> => {
        const { flushIntervalMs, hasOverride, destinations } = await of.status()
        return [flushIntervalMs, hasOverride, destinations.map(({ name, enabled }) => [name, enabled])]
      }
      const changed = [
        5_000,
        true,
        [
          ['main', false],
          ['lake', true],
        ],
      ]
      expect(await status(aggregator)).toEqual(changed)
      for (const [bad, mistakes] of [
        [
          { flushIntervalMs: 1, later: 'hunter2' },
          ['override.flushIntervalMs: give a whole', 'override.later: remove'],
        ],
        [{ destinations: { other: {} } }, ['override.destinations.other: remove']],
        [null, ['override: give an object']],
      ] as const) {
        const refused = await aggregator.setOverride(bad)
        expect(refused).toEqual(fail(mistakes.map((it) => expect.stringContaining(it) as string)))
        expect(JSON.stringify(refused)).not.toContain('hunter2')
      }
      expect(await status(aggregator)).toEqual(changed)
      const again = open(both)
      expect(await status(again)).toEqual(changed)
      expect(await again.config()).toMatchObject({ override, mistakes: [] })
      await again.resetOverride()
      expect(await status(again)).toEqual([
        60_000,
        false,
        [
          ['main', true],
          ['lake', true],
        ],
      ])
    }))

  it('that a deploy made unfit is left out, and health says so', () =>
    withConfig(both, async (aggregator, _, open) => {
      vi.spyOn(console, 'error').mockImplementation(() => {})
      await aggregator.setOverride({ destinations: { lake: { enabled: false } } })
      const again = open(pushing)
      const configuration = ['override.destinations.lake: remove this key: no destination has this name']
      expect(await again.health()).toMatchObject({
        status: 'failing',
        configuration,
        destinations: [{ name: 'runtime_configuration', state: 'misconfigured' }, { name: 'main' }],
      })
      expect(await again.config()).toMatchObject({ mistakes: configuration })
      await again.resetOverride()
      expect(await again.health()).toMatchObject({ status: 'ok', configuration: [], destinations: [{ name: 'main' }] })
    }))

  it('is read, changed and refused over RPC', async () => {
    const aggregator = freshObject()
    const before = await aggregator.config()
    expect(before).toMatchObject({ effective: { metrics: {} }, override: null, mistakes: [] })
    const override = { page: { enabled: false } }
    expect(await aggregator.setOverride(override)).toMatchObject({ ok: true, value: { override } })
    expect(await aggregator.setOverride({ later: 1 })).toMatchObject({ ok: false, error: [expect.any(String)] })
    expect(await aggregator.health()).toMatchObject({ configuration: [] })
    expect(await aggregator.resetOverride()).toEqual(before)
  })

  it('shows what holds, without a secret', () =>
    withConfig({ ...both, destinations: [SECRET_DESTINATION, both.destinations[1]] }, async (aggregator) => {
      const before = await aggregator.config()
      expect(JSON.stringify(before)).not.toContain('hunter2')
      expect(before).toMatchObject({
        effective: {
          flushIntervalMs: 60_000,
          destinations: [
            {
              enabled: true,
              url: 'https://prometheus.example.com/api/v1/write?key=[redacted]',
              headers: { 'x-region': '[redacted]' },
              credentials: [{ header: 'authorization', secret: 'PROM_TOKEN', scheme: 'bearer' }],
            },
            { name: 'lake' },
          ],
        },
        override: null,
        mistakes: [],
      })
      await aggregator.setOverride({ destinations: { main: { enabled: false } } })
      expect(await aggregator.config()).toMatchObject({ effective: { destinations: [{ enabled: false }, {}] } })
      expect(await aggregator.resetOverride()).toEqual(before)
    }))

  it('wakes the object at its new interval', () =>
    withConfig(both, async (aggregator, storage) => {
      await aggregator.ingest([batch('a', 1)])
      await aggregator.setOverride({ flushIntervalMs: 1_000 })
      expect((await storage.getAlarm())! - Date.now()).toBeLessThan(10_000)
      await storage.deleteAlarm()
    }))
})

describe('what pages are told', () => {
  it('is what was deployed, else nothing', async () => {
    const beacon = [batch('a', 1)]
    await withConfig(pushing, async (aggregator) => {
      expect(await aggregator.ingest(beacon)).toBeUndefined()
    })
    await withConfig({ page: { sampleRate: 0.5 } }, async (aggregator) => {
      expect(await aggregator.ingest(beacon)).toBe('{"sampleRate":0.5}')
    })
  })

  it('changes with the very next acknowledgement, of a duplicate too, and goes back', () =>
    withConfig({ page: { sampleRate: 0.5 } }, async (aggregator, _, open) => {
      const duplicate = [batch('a', 1)]
      const told = async (of = aggregator): Promise<unknown> => JSON.parse((await of.ingest(duplicate)) ?? 'null')
      await aggregator.ingest(duplicate)
      expect(await aggregator.setOverride({ page: { enabled: false } })).toMatchObject({ ok: true })
      expect(await told()).toEqual({ sampleRate: 0.5, enabled: false })
      expect(await aggregator.setOverride({ page: { enabled: 'no' } })).toMatchObject({ ok: false })
      expect(await told()).toEqual({ sampleRate: 0.5, enabled: false })
      // A restart, and a deploy.
      expect(await told(open({ page: { sampleRate: 0.5 } }))).toEqual({ sampleRate: 0.5, enabled: false })
      const deployed = open({ page: { flushIntervalMs: 5_000 } })
      expect(await told(deployed)).toEqual({ flushIntervalMs: 5_000, enabled: false })
      expect(await deployed.setOverride({ page: { flushIntervalMs: 1_000 } })).toMatchObject({ ok: true })
      expect(await told(deployed)).toEqual({ flushIntervalMs: 1_000 })
      await deployed.resetOverride()
      expect(await told(deployed)).toEqual({ flushIntervalMs: 5_000 })
    }))

  it('reaches beacons that were waiting for their commit when it changed', () =>
    withConfig(pushing, async (aggregator) => {
      const waiting = [1, 2, 3].map((sequence) => aggregator.ingest([batch('a', sequence)]))
      const changed = aggregator.setOverride({ page: { enabled: false } })
      expect(await Promise.all(waiting)).toEqual(Array(3).fill('{"enabled":false}'))
      expect(await changed).toMatchObject({ ok: true })
    }))

  it('stays as it was where a change could not be kept', () =>
    withConfig(pushing, async (aggregator, storage) => {
      storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
      await expect(aggregator.setOverride({ page: { enabled: false } })).rejects.toThrow('disk full')
      storage.sql.exec('DROP TRIGGER broken')
      expect(await aggregator.ingest([batch('a', 1)])).toBeUndefined()
      expect(await aggregator.config()).toMatchObject({ override: null })
    }))
})

describe('a delta destination', () => {
  it('is given what is counted from its first moment on, and every flush only what is new', () =>
    withConfig(
      { ...pushing, destinations: [{ name: 'delta-test', kind: 'memory', temporality: 'delta' }] },
      async (aggregator, storage) => {
        clearMemory('delta-test')
        for (const sequence of [1, 2]) {
          await aggregator.ingest([batch('a', sequence, [[clicks, [sequence]]])])
          await aggregator.alarm()
        }
        const rows = readMemory('delta-test').filter(({ name }) => name === 'clicks')
        expect(rows.map((row) => 'value' in row && row.value)).toEqual([1, 2])
        expect(await aggregator.status()).toMatchObject({
          destinations: [
            {
              name: 'delta-test',
              temporality: 'delta',
              state: 'ok',
              sent: 2,
              deadLetters: 0,
              lagSeconds: expect.any(Number),
            },
          ],
        })
        await storage.deleteAlarm()
      },
    ))
})
