import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as override from '../../../worker/config/override.ts'
import { readConfig } from '../../../worker/config/read-config.ts'
import type { Config, ConfigOverride } from '../../../worker/config/types.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'

const { parseOverride } = override
const applyOverride = (config: Config, changes: ConfigOverride): ReturnType<typeof override.applyOverride> =>
  override.applyOverride(config, changes, DESTINATIONS)
const resolveOverride = (config: Config, stored: unknown): override.ResolvedConfig =>
  override.resolveOverride(config, stored, DESTINATIONS)

const config = configOf({
  flushIntervalMs: 1_000,
  staleAfterMs: 60_000,
  destinations: [
    { name: 'main', kind: 'prometheus', url: 'https://a.example.com/write', bearerTokenSecret: 'T', include: ['a*'] },
    { name: 'open', kind: 'otlp', url: 'https://b.example.com/v1/metrics' },
    { name: 'near', kind: 'prometheus', url: 'http://127.0.0.1:9090/api/v1/write', bearerTokenSecret: 'T' },
    { name: 'dog', kind: 'datadog' },
    { name: 'files', kind: 'archive', bucket: 'ARCHIVE' },
  ],
})

function configOf(written: unknown): Config {
  const result = readConfig({ PHAROS: written })
  if (!result.ok) throw new Error(result.error.join('\n'))
  return result.value
}

const of = (name: string, config: Config): Config['destinations'][number] =>
  config.destinations.find((it) => it.name === name)!

describe('parseOverride', () => {
  it.each([
    [{}],
    [{ flushIntervalMs: 100, debug: 'payloads', page: {}, destinations: {} }],
    [{ page: { enabled: false, sampleRate: 0, flushIntervalMs: 86_400_000 } }],
    [{ page: { enabled: true, sampleRate: 1, flushIntervalMs: 1_000 } }],
    [
      {
        destinations: {
          main: {
            enabled: false,
            url: 'https://c.example.com/',
            include: ['b'],
            exclude: [],
            where: { a: ['x'] },
            intervalMs: 0,
            maxSeriesPerRequest: 5,
            timeoutMs: 500,
          },
        },
      },
    ],
  ])('takes %j', (json) => {
    expect(parseOverride(json)).toEqual({ ok: true, value: json })
  })

  it.each([
    [null, 'override: give an object with what is to change'],
    [[], 'override: give an object'],
    ['{}', 'override: give an object'],
    [{ origins: ['*'] }, 'override.origins: remove this key'],
    [{ staleAfterMs: 5 }, 'override.staleAfterMs: remove this key'],
    [{ flushIntervalMs: 1 }, 'override.flushIntervalMs: give a whole number from 100'],
    [{ debug: 'all' }, 'override.debug: give "off"'],
    [{ page: null }, 'override.page: give an object with enabled, sampleRate or flushIntervalMs'],
    [{ page: { enable: false } }, 'override.page.enable: remove this key'],
    [{ page: { enabled: 'false' } }, 'override.page.enabled: give true or false'],
    [{ page: { sampleRate: 0.00001 } }, 'override.page.sampleRate: give 0, or a number from 0.0001 to 1'],
    [{ page: { flushIntervalMs: 999 } }, 'override.page.flushIntervalMs: give a whole number from 1000'],
    [{ destinations: [] }, 'override.destinations: give an object of names'],
    [{ destinations: { main: true } }, 'override.destinations.main: give an object with what is to change'],
    [{ destinations: { main: { kind: 'otlp' } } }, 'override.destinations.main.kind: remove this key'],
    [{ destinations: { main: { bearerTokenSecret: 'X' } } }, 'override.destinations.main.bearerTokenSecret: remove'],
    [{ destinations: { main: { headers: {} } } }, 'override.destinations.main.headers: remove this key'],
    [{ destinations: { main: { enabled: 0 } } }, 'override.destinations.main.enabled: give true or false'],
    [{ destinations: { main: { url: 'ftp://x' } } }, 'override.destinations.main.url: give an address'],
    [{ destinations: { main: { url: 'https://u:p@x' } } }, 'override.destinations.main.url: take the user'],
    [{ destinations: { main: { url: 'https://x/?k=[redacted]' } } }, 'override.destinations.main.url: write the whole'],
    [{ destinations: { main: { include: [] } } }, 'override.destinations.main.include: give at least one'],
    [{ destinations: { main: { where: { 'a b': 'x' } } } }, 'override.destinations.main.where.a b: is not'],
    [{ destinations: { main: { timeoutMs: 1 } } }, 'override.destinations.main.timeoutMs: give a whole number'],
    [JSON.parse('{"destinations":{"__proto__":{}}}'), 'override.destinations: remove the keys'],
  ])('of %j says what to do', (json, problem) => {
    expect(parseOverride(json)).toEqual({ ok: false, error: [expect.stringContaining(problem)] })
  })

  it('lists every mistake, and never a value', () => {
    const result = parseOverride({
      debug: 'hunter2',
      destinations: { main: { url: 'hunter2', include: 'hunter2' }, open: { where: { a: 2 } } },
      x: 'hunter2',
      y: 'hunter2',
    })
    const error = result.ok ? [] : result.error
    expect(error).toHaveLength(6)
    expect(error.join()).not.toContain('hunter2')
  })
})

// Keys of an override now and then, anything everywhere.
const anyOverride = fc.dictionary(
  fc.constantFrom('flushIntervalMs', 'debug', 'page', 'destinations', 'x'),
  fc.oneof(
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom('enabled', 'sampleRate', 'flushIntervalMs', 'x'),
      fc.constantFrom<unknown>(true, false, 0, 0.5, 1_000, '1', null),
    ),
    fc.dictionary(
      fc.constantFrom('main', 'dog', '__proto__', 'constructor'),
      fc.dictionary(
        fc.constantFrom(
          'enabled',
          'url',
          'include',
          'exclude',
          'where',
          'intervalMs',
          'maxSeriesPerRequest',
          'timeoutMs',
        ),
        fc.oneof(
          fc.jsonValue(),
          fc.webUrl({ withQueryParameters: true }),
          fc.constantFrom(true, 500, ['a*'], { a: 'b' }),
        ),
      ),
    ),
  ),
)

it('whatever is given: it holds as a whole, or not at all', () => {
  const held: boolean[] = []
  const check = (json: unknown): void => {
    const { effective, override, mistakes } = resolveOverride(config, json)
    const isHeld = json !== null && mistakes.length === 0
    held.push(isHeld)
    // What holds is written as it would be written again; what does not hold changes nothing.
    expect(isHeld ? parseOverride(override) : effective).toEqual(isHeld ? { ok: true, value: override } : config)
    expect(effective.staleAfterMs).toBeGreaterThan(effective.flushIntervalMs)
    expect(effective.page).toEqual({ ...config.page, ...(isHeld && override?.page) })
    expect(effective.destinations.map(({ name, credentials }) => [name, credentials])).toEqual(
      config.destinations.map(({ name, credentials }) => [name, credentials]),
    )
  }
  fc.assert(fc.property(fc.oneof(fc.jsonValue(), anyOverride), check), { numRuns: 500 })
  expect(new Set(held)).toEqual(new Set([true, false]))
})

describe('applyOverride', () => {
  it('changes nothing where nothing is said', () => {
    expect(applyOverride(config, {})).toEqual({ ok: true, value: config })
  })

  it('changes what is said, and only that', () => {
    const where = { service: ['shop'] }
    const result = applyOverride(config, {
      flushIntervalMs: 5_000,
      debug: 'exports',
      destinations: {
        main: { url: 'https://c.example.com/write', enabled: false, exclude: ['b'], where, timeoutMs: 500 },
        dog: { url: 'https://proxy.example.com/', maxSeriesPerRequest: 5 },
        files: { intervalMs: 1_000 },
      },
    })
    expect(result).toEqual({
      ok: true,
      value: {
        ...config,
        flushIntervalMs: 5_000,
        debug: 'exports',
        destinations: [
          {
            ...of('main', config),
            url: 'https://c.example.com/write',
            enabled: false,
            route: { include: ['a*'], exclude: ['b'], where },
            timeoutMs: 500,
          },
          of('open', config),
          of('near', config),
          { ...of('dog', config), url: 'https://proxy.example.com', maxSeriesPerRequest: 5 },
          { ...of('files', config), intervalMs: 1_000 },
        ],
      },
    })
  })

  it.each([
    [{}, { enabled: false }, { enabled: false }],
    [{ enabled: false }, {}, { enabled: false }],
    [{ enabled: false, sampleRate: 0.5 }, { enabled: true }, { enabled: true, sampleRate: 0.5 }],
    [{ sampleRate: 0.5 }, { flushIntervalMs: 5_000 }, { sampleRate: 0.5, flushIntervalMs: 5_000 }],
  ])('what pages are told: %j with %j over it is %j', (deployed, page, told) => {
    const result = applyOverride(configOf({ page: deployed }), { page })
    expect(result.ok && result.value.page).toEqual(told)
  })

  it.each([
    [{ flushIntervalMs: 60_000 }, 'override.flushIntervalMs: give a time shorter than staleAfterMs'],
    [{ destinations: { gone: {} } }, 'override.destinations.gone: remove this key: no destination has this name'],
    [{ destinations: { toString: {} } }, 'override.destinations.toString: remove this key'],
    [
      { destinations: { main: { url: 'http://a.example.com/write' } } },
      'override.destinations.main.url: give an address that begins with https://: this destination has credentials',
    ],
    [
      { destinations: { dog: { url: 'http://127.0.0.1/' } } },
      'override.destinations.dog.url: give an address that begins',
    ],
    [
      { destinations: { dog: { url: 'https://a.example.com/?x' } } },
      'override.destinations.dog.url: give only the beginning',
    ],
    [
      { destinations: { files: { url: 'https://a.example.com/' } } },
      'override.destinations.files.url: remove this key',
    ],
  ])('%j does not fit', (override, problem) => {
    expect(applyOverride(config, override)).toEqual({ ok: false, error: [expect.stringContaining(problem)] })
  })

  it.each([
    ['open', 'http://b.example.com/v1/metrics'],
    ['near', 'http://127.0.0.1:9091/api/v1/write'],
    ['near', 'https://a.example.com/write'],
  ])('%s may go to %s', (name, url) => {
    const result = applyOverride(config, { destinations: { [name]: { url } } })
    expect(result.ok && of(name, result.value).url).toBe(url)
  })
})

describe('resolveOverride', () => {
  it.each([undefined, null])('of %s is what was deployed', (stored) => {
    expect(resolveOverride(config, stored)).toEqual({ effective: config, override: undefined, mistakes: [] })
  })

  it.each([{ destinations: { gone: {} } }, { nonsense: true }])('%j does not hold, and says why', (stored) => {
    const { effective, mistakes } = resolveOverride(config, stored)
    expect(effective).toBe(config)
    expect(mistakes).toHaveLength(1)
  })
})
