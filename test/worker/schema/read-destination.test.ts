import { describe, expect, it } from 'vitest'
import { prometheus } from '../../../worker/destinations/prometheus/index.ts'
import { destinationDefaults } from '../../../worker/schema/destination-defaults.ts'
import { mistakesOf, readDestination } from '../../support/written-destination.ts'

const main = { name: 'main', kind: 'prometheus', url: 'https://prometheus.example.com/api/v1/write' } as const
const local = { name: 'log', kind: 'console' } as const

const plain = { ...destinationDefaults, ...prometheus.defaults, ...main }

describe('a destination', () => {
  it.each([
    ['nothing', {}, {}],
    ['enabled', { enabled: false }, { enabled: false }],
    [
      'numbers',
      { intervalMs: 60_000, maxSeriesPerRequest: 1, timeoutMs: 100 },
      { intervalMs: 60_000, maxSeriesPerRequest: 1, timeoutMs: 100 },
    ],
    ['headers', { headers: { 'X-Region': 'eu' } }, { headers: { 'x-region': 'eu' } }],
    [
      'a bearer token',
      { bearerTokenSecret: 'PROM_TOKEN' },
      { credentials: [{ header: 'authorization', secret: 'PROM_TOKEN', scheme: 'bearer' }] },
    ],
    [
      'basic authentication',
      { basicAuth: { username: '12345', passwordSecret: 'GRAFANA_TOKEN' } },
      { credentials: [{ header: 'authorization', secret: 'GRAFANA_TOKEN', scheme: 'basic', username: '12345' }] },
    ],
    [
      'secret headers',
      { headerSecrets: { 'X-API-Key': 'KEY_1', authorization: 'KEY_2' } },
      {
        credentials: [
          { header: 'x-api-key', secret: 'KEY_1', scheme: 'plain' },
          { header: 'authorization', secret: 'KEY_2', scheme: 'plain' },
        ],
      },
    ],
    ['include', { include: ['checkout.*'] }, { route: { include: ['checkout.*'], exclude: [], where: {} } }],
    ['exclude', { exclude: ['debug.?'] }, { route: { include: ['*'], exclude: ['debug.?'], where: {} } }],
    [
      'where',
      { where: { service: 'shop', region: ['eu-*', 'us-*'], release: '' } },
      { route: { include: ['*'], exclude: [], where: { service: ['shop'], region: ['eu-*', 'us-*'], release: [''] } } },
    ],
    ['mapping', { mapping: [{ match: 'a' }] }, { mapping: [{ match: 'a' }] }],
  ])('with %s written', (_, written, becomes) => {
    expect(readDestination({ ...main, ...written })).toEqual({ ...plain, ...becomes })
  })

  it.each([
    [{ name: 'a b' }, 'name: give a short name'],
    [{ name: undefined }, 'name: give a short name'],
    [{ kind: 'graphite' }, 'kind: give "archive", "console", '],
    [{ kind: 'constructor' }, 'kind: give "archive"'],
    [{ kind: 7 }, 'kind: give "archive"'],
    [{ enabled: 'no' }, 'enabled: give true or false'],
    [{ url: 'example.com' }, 'url: give an address that begins with https://'],
    [{ timeout: 1 }, 'timeout: remove this key'],
    [{ timeoutMs: 0 }, 'timeoutMs: give a whole number from 100 to 60000'],
    [{ intervalMs: -1 }, 'intervalMs: give a whole number from 0'],
    [{ maxSeriesPerRequest: 0 }, 'maxSeriesPerRequest: give a whole number from 1'],
    [{ headers: [] }, 'headers: give an object of header names and values'],
    [{ headers: { Host: 'x' } }, 'headers.Host: remove this header: it is set with every request'],
    [{ headers: { 'content-type': 'a/b' } }, 'headers.content-type: remove this header: this kind'],
    [{ bearerTokenSecret: 'glc_eyJvIjoiMTI' }, 'bearerTokenSecret: give the name of the secret in capitals'],
    [{ headerSecrets: { 'x-key': 'abc' } }, 'headerSecrets.x-key: give the name of the secret'],
    [{ basicAuth: { username: 'a' } }, 'basicAuth.passwordSecret: add this key'],
    [
      { basicAuth: { username: 'a', passwordSecret: 'P' }, bearerTokenSecret: 'T' },
      'basicAuth: give basicAuth or bearerTokenSecret, not both',
    ],
    [{ include: 'a' }, 'include: give a list of patterns'],
    [{ exclude: ['x'.repeat(257)] }, 'exclude[0]: give a pattern'],
    [{ where: { 'a-b': 'x' } }, 'where.a-b: is not the name of an attribute'],
  ])('with %j says what to do', (written, problem) => {
    expect(mistakesOf({ ...main, ...written })).toEqual([
      expect.stringMatching(escaped(`PHAROS.destinations[0].${problem}`)),
    ])
  })

  it('without an address says so', () => {
    expect(mistakesOf({ name: 'main', kind: 'prometheus' })).toEqual([
      'PHAROS.destinations[0].url: add this key: it is missing',
    ])
  })

  it.each([[[]], ['main'], [null]])('%j is no destination', (written) => {
    expect(mistakesOf(written)).toEqual([
      'PHAROS.destinations[0]: give an object with name, kind and what the kind needs',
    ])
  })

  it.each(['headers', 'bearerTokenSecret', 'basicAuth', 'headerSecrets', 'url'])('on the spot has no %s', (key) => {
    expect(mistakesOf({ ...local, [key]: 'x' })).toEqual([expect.stringContaining(`${key}: remove this key`)])
  })

  it('lists what is wrong with several keys together beside what is wrong with one', () => {
    const written = { ...main, url: 7, enabled: 'no', headers: { cookie: 'x' }, basicAuth: {}, bearerTokenSecret: 'T' }
    expect(mistakesOf(written).map((line) => line.split(':')[0])).toEqual(
      ['enabled', 'basicAuth.username', 'basicAuth.passwordSecret', 'url', 'basicAuth', 'headers.cookie'].map(
        (key) => `PHAROS.destinations[0].${key}`,
      ),
    )
  })
})

const escaped = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
