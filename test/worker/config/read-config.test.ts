import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { createConfigReader, readConfig } from '../../../worker/config/read-config.ts'

const destination = { name: 'main', kind: 'prometheus', url: 'https://prometheus.example.com/api/v1/write' }

const read = (config: unknown): unknown => readConfig({ PHAROS: config })

const problems = (config: unknown): readonly string[] => {
  const result = readConfig({ PHAROS: config })
  return result.ok ? [] : result.error
}

describe('readConfig', () => {
  it.each([[undefined], [''], [{}], ['{}']])('of %j is the default', (written) => {
    expect(read(written)).toEqual({ ok: true, value: defaultConfig })
  })

  it('fills in defaults at every level, from an object or its text', () => {
    const written = {
      origins: ['https://*.example.com'],
      destinations: [{ ...destination, bearerTokenSecret: 'PROMETHEUS_TOKEN', externalLabels: { region: 'eu' } }],
      limits: { maxSeries: 50 },
      metrics: { 'search.duration': { help: 'Time to results', unit: 's', buckets: [0.1, 1] } },
      resourceLabels: { release: false },
      flushIntervalMs: 1_000,
    }
    const value = {
      ...defaultConfig,
      ...written,
      destinations: [
        {
          ...destination,
          bearerTokenSecret: 'PROMETHEUS_TOKEN',
          headers: {},
          externalLabels: { region: 'eu' },
          maxSeriesPerRequest: 2_000,
          timeoutMs: 10_000,
        },
      ],
      limits: { ...defaultConfig.limits, maxSeries: 50 },
      resourceLabels: { service: true, release: false },
    }
    expect(read(written)).toEqual({ ok: true, value })
    expect(read(JSON.stringify(written))).toEqual({ ok: true, value })
  })

  it('finds no metadata for a name every object inherits', () => {
    const config = readConfig({ PHAROS: { metrics: { clicks: {} } } })
    expect(config.ok && config.value.metrics['constructor']).toBeUndefined()
  })

  it.each([
    ['{', 'PHAROS: give an object, or the same as JSON text'],
    [[], 'PHAROS: give an object'],
    [7, 'PHAROS: give an object'],
    [null, 'PHAROS: give an object'],
    [{ orgins: [] }, 'PHAROS.orgins: remove this key'],
    [{ origins: '*' }, 'PHAROS.origins: give a list of origins'],
    [{ origins: ['*', 'example.com'] }, 'PHAROS.origins[1]: give "*", an origin'],
    [{ destinations: [{ name: 'main', kind: 'prometheus' }] }, 'PHAROS.destinations[0].url: add this key'],
    [{ destinations: [{ ...destination, url: 'example.com' }] }, 'PHAROS.destinations[0].url: give an address'],
    [{ destinations: [{ ...destination, url: 'file:///etc' }] }, 'PHAROS.destinations[0].url: give an address'],
    [{ destinations: [{ ...destination, kind: 'graphite' }] }, 'PHAROS.destinations[0].kind: give "prometheus"'],
    [{ destinations: [{ ...destination, name: 'a b' }] }, 'PHAROS.destinations[0].name: give a short name'],
    [{ destinations: [destination, destination] }, 'PHAROS.destinations: give every destination a name of its own'],
    [{ destinations: [{ ...destination, timeout: 1 }] }, 'PHAROS.destinations[0].timeout: remove this key'],
    [{ destinations: [{ ...destination, timeoutMs: 0 }] }, 'PHAROS.destinations[0].timeoutMs: give a whole number'],
    [{ destinations: [{ ...destination, headers: { 'a b': 'x' } }] }, 'PHAROS.destinations[0].headers.a b: is not'],
    [{ destinations: [{ ...destination, headers: { a: 'x\r\ny' } }] }, 'PHAROS.destinations[0].headers.a: give'],
    [{ destinations: [{ ...destination, externalLabels: { __a: 'x' } }] }, 'externalLabels.__a: is not a label name'],
    [{ limits: { maxSeries: 0 } }, 'PHAROS.limits.maxSeries: give a whole number from 1'],
    [{ limits: { maxSeries: 1.5 } }, 'PHAROS.limits.maxSeries: give a whole number'],
    [{ limits: 5 }, 'PHAROS.limits: give an object'],
    [{ flushIntervalMs: '15s' }, 'PHAROS.flushIntervalMs: give a whole number from 100'],
    [{ staleAfterMs: 10_000 }, 'PHAROS.staleAfterMs: give a time longer than flushIntervalMs'],
    [{ metrics: { 'a-b': {} } }, 'PHAROS.metrics.a-b: is not a metric name'],
    [{ metrics: { 'pharos.x': {} } }, 'PHAROS.metrics.pharos.x: is a name of Pharos itself'],
    [{ metrics: { a: { buckets: [1, 1] } } }, 'PHAROS.metrics.a.buckets: give the upper bounds in ascending order'],
    [{ metrics: { a: { buckets: [] } } }, 'PHAROS.metrics.a.buckets: give at least one'],
    [{ metrics: { a: { unit: 'per second' } } }, 'PHAROS.metrics.a.unit: give a base unit'],
    [{ catalogOnly: 1 }, 'PHAROS.catalogOnly: give true or false'],
    [{ resourceLabels: { region: true } }, 'PHAROS.resourceLabels.region: remove this key'],
  ])('of %j says what to do', (written, problem) => {
    expect(problems(written)).toEqual([expect.stringContaining(problem)])
  })

  it('lists every mistake, and never a value', () => {
    const found = problems({
      origins: ['hunter2'],
      destinations: [
        { name: 'hunter2 hunter2', kind: 'hunter2', url: 'hunter2', headers: { authorization: '\nhunter2' } },
      ],
      flushIntervalMs: 'hunter2',
      catalogOnly: 'hunter2',
    })
    expect(found).toHaveLength(7)
    expect(found.join('\n')).not.toContain('hunter2')
  })
})

describe('createConfigReader', () => {
  it('reads once for each env', () => {
    const read = createConfigReader()
    const env = { PHAROS: '{"origins":["*"]}' }
    expect(read(env)).toBe(read(env))
    expect(read({ ...env })).not.toBe(read(env))
    expect(read({ ...env })).toEqual(read(env))
  })
})
