import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { prometheus } from '../../../worker/destinations/prometheus/index.ts'
import { destinationDefaults } from '../../../worker/schema/destination-defaults.ts'
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
      groups: [{ name: 'g', strategy: 'failover', destinations: ['main'] }],
      maxParallelPushes: 2,
      debug: 'exports',
      limits: { maxSeries: 50 },
      metrics: { 'search.duration': { help: 'Time to results', unit: 's', buckets: [0.1, 1] } },
      resourceLabels: { release: false },
      scaleSamples: false,
      page: { enabled: true, sampleRate: 0.0001 },
      flushIntervalMs: 1_000,
    }
    const value = {
      ...defaultConfig,
      ...written,
      destinations: [
        {
          ...destinationDefaults,
          ...prometheus.defaults,
          ...destination,
          credentials: [{ header: 'authorization', secret: 'PROMETHEUS_TOKEN', scheme: 'bearer' }],
          externalLabels: { region: 'eu' },
        },
      ],
      groups: [{ name: 'g', strategy: 'failover', least: 1, destinations: ['main'] }],
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
    [{ destinations: {} }, 'PHAROS.destinations: give a list of destinations'],
  ])('of %j says what to do', (written, problem) => {
    expect(problems(written)).toEqual([expect.stringContaining(problem)])
  })

  it('lists every mistake, and never a value', () => {
    const found = problems({
      origins: ['hunter2'],
      destinations: [
        { name: 'main', kind: 'hunter2', url: 'hunter2' },
        {
          name: 'hunter2 hunter2',
          kind: 'prometheus',
          version: 'hunter2',
          url: 'hunter2',
          headers: { Authorization: 'hunter2' },
          hunter: 'hunter2',
          hunter3: 'hunter2',
        },
      ],
      groups: [{ name: 'g', strategy: 'all', destinations: ['hunter2'] }],
      flushIntervalMs: 'hunter2',
      catalogOnly: 'hunter2',
    })
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'PHAROS.origins[0]',
      'PHAROS.destinations[0].kind',
      'PHAROS.destinations[1].name',
      'PHAROS.destinations[1].url',
      'PHAROS.destinations[1].version',
      'PHAROS.destinations[1].hunter',
      'PHAROS.destinations[1].hunter3',
      'PHAROS.destinations[1].headers.Authorization',
      'PHAROS.flushIntervalMs',
      'PHAROS.catalogOnly',
      'PHAROS.groups[0].destinations[0]',
    ])
    expect(found.join('\n')).not.toContain('hunter2')
  })
})

// Any key of any kind, with anything in it.
const anyDestination = fc.dictionary(
  fc.constantFrom(
    'name',
    'kind',
    'url',
    'headers',
    'basicAuth',
    'headerSecrets',
    'where',
    'mapping',
    'template',
    'path',
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('prometheus', 'otlp', 'datadog', 'newrelic', 'pushgateway', 'http', 'archive', 'console', 'memory'),
    fc.dictionary(fc.string(), fc.jsonValue()),
  ),
)

it('never throws, whatever is written', () => {
  const anyConfig = fc.record(
    {
      destinations: fc.array(anyDestination),
      groups: fc.jsonValue(),
      metrics: fc.jsonValue(),
      origins: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const check = (written: unknown): void => {
    const result = readConfig({ PHAROS: written })
    const mistakes = result.ok ? [] : result.error
    expect(mistakes.every((line) => /^PHAROS.*: \S/su.test(line))).toBe(true)
  }
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), anyConfig), check), { numRuns: 500 })
})

describe('createConfigReader', () => {
  it('reads once for each env', () => {
    const read = createConfigReader(DESTINATIONS)
    const env = { PHAROS: '{"origins":["*"]}' }
    expect(read(env)).toBe(read(env))
    expect(read({ ...env })).not.toBe(read(env))
    expect(read({ ...env })).toEqual(read(env))
  })
})
