import type * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { configSchema, debug, flushIntervalMs, page } from '../../../worker/config/schema.ts'
import { DESTINATIONS } from '../../../worker/destinations/kinds.ts'
import { mistakesIn, parsed } from '../schema/parsed.ts'

const schema = configSchema(DESTINATIONS)
const destination = { name: 'main', kind: 'console' }

describe('configSchema', () => {
  it('fills in every default', () => {
    expect(parsed(schema, {})).toEqual(defaultConfig)
  })

  it.each([
    [{ limits: { maxSeries: 50 } }, { limits: { ...defaultConfig.limits, maxSeries: 50 } }],
    [{ resourceLabels: { release: false } }, { resourceLabels: { service: true, release: false } }],
    [{ origins: ['https://Shop.example.com:443/', '*'] }, { origins: ['https://shop.example.com', '*'] }],
    [{ page: { enabled: true, sampleRate: 0.0001 } }, { page: { enabled: true, sampleRate: 0.0001 } }],
    [{ staleAfterMs: 15_001 }, { staleAfterMs: 15_001 }],
    [{ flushIntervalMs: 100, staleAfterMs: 1_000 }, { flushIntervalMs: 100, staleAfterMs: 1_000 }],
    [{ maxParallelPushes: 50, debug: 'payloads', catalogOnly: true }, { maxParallelPushes: 50, debug: 'payloads', catalogOnly: true }],
    [{ reports: false, scaleSamples: false, development: true }, { reports: false, scaleSamples: false, development: true }],
  ])('makes of %j what the worker uses', (written, becomes) => {
    expect(parsed(schema, written)).toEqual({ ...defaultConfig, ...becomes })
  }) // prettier-ignore

  it('makes of what it made the same again', () => {
    const written = { origins: ['https://*.example.com'], limits: { maxSeries: 50 }, metrics: { a: { unit: 's' } } }
    const config = parsed(schema, written)
    expect(parsed(schema, config)).toEqual(config)
  })

  it.each([
    [[], 'it: give an object'],
    [7, 'it: give an object'],
    [null, 'it: give an object'],
    [{ orgins: [] }, 'it.orgins: remove this key'],
    [JSON.parse('{"__proto__":{"development":true}}'), 'it: remove the keys "__proto__"'],
    [{ origins: '*' }, 'it.origins: give a list of origins'],
    [{ origins: ['*', 'example.com'] }, 'it.origins[1]: give "*", an origin'],
    [{ origins: ['https://a.com/cart'] }, 'it.origins[0]: leave out the path'],
    [{ origins: [7] }, 'it.origins[0]: give "*", an origin'],
    [{ destinations: [destination, destination] }, 'it.destinations[1].name: give every destination a name'],
    [{ destinations: [destination], groups: [{ name: 'g', strategy: 'all', destinations: ['x'] }] }, 'it.groups[0].destinations[0]: '],
    [{ groups: {} }, 'it.groups: '],
    [{ maxParallelPushes: 0 }, 'it.maxParallelPushes: give a whole number from 1 to 50'],
    [{ maxParallelPushes: 51 }, 'it.maxParallelPushes: give a whole number from 1 to 50'],
    [{ limits: { maxSeries: 0 } }, 'it.limits.maxSeries: give a whole number from 1 to 1000000'],
    [{ limits: { maxSeriesPerMetric: 1.5 } }, 'it.limits.maxSeriesPerMetric: give a whole number from 1 to 1000000'],
    [{ limits: { maxMetrics: 100_001 } }, 'it.limits.maxMetrics: give a whole number from 1 to 100000'],
    [{ limits: 5 }, 'it.limits: give an object with maxSeries'],
    [{ staleAfterMs: 15_000 }, 'it.staleAfterMs: give a time longer than flushIntervalMs'],
    [{ staleAfterMs: 5_000, flushIntervalMs: 5_000 }, 'it.staleAfterMs: give a time longer than flushIntervalMs'],
    [{ staleAfterMs: 999, flushIntervalMs: 100 }, 'it.staleAfterMs: give a whole number from 1000 to 2592000000'],
    [{ metrics: { 'a-b': {} } }, 'it.metrics.a-b: is not a metric name'],
    ...['catalogOnly', 'scaleSamples', 'reports', 'development'].map((key): [object, string] => [{ [key]: 1 }, `it.${key}: give true or false`]),
    [{ page: { flushInterval: 60 } }, 'it.page.flushInterval: remove this key'],
    [{ resourceLabels: { region: true } }, 'it.resourceLabels.region: remove this key'],
    [{ resourceLabels: { service: 'no' } }, 'it.resourceLabels.service: give true or false'],
  ])('says what to do with %j', (written, mistake) => {
    expect(mistakesIn(schema, written)).toEqual([expect.stringContaining(mistake)])
  }) // prettier-ignore
})

describe('what can change at run time', () => {
  const RATE = 'give 0, or a number from 0.0001 to 1'

  it.each<[string, v.GenericSchema, unknown]>([
    ['page', page, {}],
    ['page', page, { enabled: false, sampleRate: 0, flushIntervalMs: 1_000 }],
    ['page', page, { sampleRate: 1, flushIntervalMs: 86_400_000 }],
    ['flushIntervalMs', flushIntervalMs, 100],
    ['flushIntervalMs', flushIntervalMs, 3_600_000],
    ['debug', debug, 'off'],
    ['debug', debug, 'exports'],
  ])('%s takes %j', (...[, schema, written]) => {
    expect(parsed(schema, written)).toEqual(written)
  })

  it.each<[string, v.GenericSchema, unknown, string]>([
    ['page', page, [], 'it: give an object with enabled, sampleRate or flushIntervalMs'],
    ['page', page, { enabled: 0 }, 'it.enabled: give true or false'],
    ['page', page, { flushIntervalMs: 999 }, 'it.flushIntervalMs: give a whole number from 1000 to 86400000'],
    ...[1.1, 0.00001, -1, -0.5, Infinity, Number.NaN, '1', null].map(
      (sampleRate): [string, v.GenericSchema, unknown, string] => [
        'page',
        page,
        { sampleRate },
        `it.sampleRate: ${RATE}`,
      ],
    ),
    ['flushIntervalMs', flushIntervalMs, 99, 'it: give a whole number from 100 to 3600000'],
    ['flushIntervalMs', flushIntervalMs, '15s', 'it: give a whole number from 100 to 3600000'],
    ['debug', debug, true, 'it: give "off", "exports" or "payloads"'],
  ])('%s says what to do with %j', (...[, schema, written, mistake]) => {
    expect(mistakesIn(schema, written)).toEqual([mistake])
  })
})
