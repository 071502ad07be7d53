import { env, exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Env } from '../../../worker/config/env.ts'
import { MAX_REPORTS_BYTES } from '../../../worker/http/reports.ts'
import { ask, type AskOptions } from './ask.ts'
import { createFakeAggregator, type FakeAggregator } from './fake-aggregator.ts'

const shop = 'https://shop.example.com'
const configured = { PHAROS: { origins: [shop] } }
const crash = { type: 'crash', age: 42, url: `${shop}/cart`, user_agent: 'Mozilla/5.0', body: { reason: 'oom' } }
const valid = JSON.stringify([crash])
const CRASHES = '["counter","browser.reports","","","reason","oom","type","crash"]'

interface Answer {
  readonly status: number
  readonly reason: string | undefined
  readonly headers: Headers
  readonly aggregator: FakeAggregator
}

async function send(options: Partial<AskOptions> = {}, query = ''): Promise<Answer> {
  const { aggregator = createFakeAggregator(), headers = { origin: shop } } = options
  const response = await ask(`/v1/reports${query}`, {
    method: 'POST',
    body: valid,
    env: configured,
    ...options,
    headers: { 'content-type': 'application/reports+json', ...headers },
    aggregator,
  })
  const text = await response.text()
  const reason = text === '' ? undefined : JSON.parse(text).reason
  return { status: response.status, reason, headers: response.headers, aggregator }
}

describe('POST /v1/reports', () => {
  it('hands the reports over once and answers without a body', async () => {
    const { status, reason, headers, aggregator } = await send()
    expect({ status, reason }).toEqual({ status: 204, reason: undefined })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(aggregator.refused).toEqual([])
    expect(aggregator.ingested).toEqual([
      {
        session: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/),
        sequence: 1,
        ageMs: 42,
        deltas: [[CRASHES, [1]]],
        dropped: [],
      },
    ])
  })

  it('gives every request an identity of its own', async () => {
    const aggregator = createFakeAggregator()
    for (let i = 0; i < 50; i++) await send({ aggregator })
    expect(new Set(aggregator.ingested.map(({ session }) => session)).size).toBe(50)
  })

  it('takes service and release from the address', async () => {
    const { aggregator } = await send({}, '?release=1.4.2&service=caf%C3%A9')
    expect(aggregator.ingested[0]!.deltas[0]![0]).toMatch(/^\["counter","browser\.reports","café","1\.4\.2",/)
  })

  it.each([
    ['application/csp-report', '{"csp-report":{"document-uri":"https://shop.example.com/","violated-directive":"img-src"}}'],
    ['application/json', valid],
    ['text/plain', valid],
  ])('reads %s by what it holds', async (type, body) => {
    expect((await send({ body, headers: { origin: shop, 'content-type': type } })).status).toBe(204)
  }) // prettier-ignore

  it.each([
    ['no body', { body: '' }, 400, 'bad_json'],
    ['a cut body', { body: valid.slice(1) }, 400, 'bad_json'],
    ['broken UTF-8', { body: new Uint8Array([0x22, 0xc3, 0x28, 0x22]) }, 400, 'bad_utf8'],
    ['a false gzip', { headers: { origin: shop, 'content-encoding': 'gzip' } }, 400, 'bad_encoding'],
    ['brotli', { headers: { origin: shop, 'content-encoding': 'br' } }, 415, 'unsupported_encoding'],
    ['an object', { body: '{}' }, 422, 'bad_reports'],
    ['deep arrays', { body: '['.repeat(30_000) + ']'.repeat(30_000) }, 422, 'no_valid_report'],
    ['a bad report', { body: '[{}]' }, 422, 'no_valid_report'],
    ['too many', { body: JSON.stringify(Array.from({ length: 101 }, () => crash)) }, 422, 'too_many_reports'],
    ['an old report', { body: JSON.stringify([{ ...crash, age: 1e12 }]) }, 422, 'expired'],
    ['another page', { body: JSON.stringify([{ ...crash, url: 'https://evil.example' }]) }, 403, 'origin_not_allowed'],
    ['another origin', { headers: { origin: 'https://evil.example' } }, 403, 'origin_not_allowed'],
    ['too many bytes', { body: valid.padEnd(MAX_REPORTS_BYTES + 1) }, 413, 'body_too_large'],
  ] as const)('refuses %s with a reason and counts it', async (_, options, ...[status, reason]) => {
    const answer = await send(options)
    expect(answer).toMatchObject({ status, reason, aggregator: { ingested: [], refused: [reason] } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it.each(['?service=%00', `?release=${'x'.repeat(129)}`, '?service=%0a'])('refuses the address %s', async (query) => {
    expect(await send({}, query)).toMatchObject({ status: 422, reason: 'bad_resource' })
  })

  it('takes as many bytes as the limit', async () => {
    expect((await send({ body: valid.padEnd(MAX_REPORTS_BYTES) })).status).toBe(204)
  })

  it.each([
    ['no Origin', {}, 204],
    ['Origin null', { origin: 'null' }, 204],
  ])('with %s looks at the page that is reported', async (_, headers, status) => {
    expect((await send({ headers })).status).toBe(status)
    const body = JSON.stringify([{ ...crash, url: 'https://evil.example/' }])
    expect((await send({ headers, body })).status).toBe(403)
  })

  it('is unavailable when the totals are', async () => {
    const answer = await send({ aggregator: createFakeAggregator(new Error('overloaded')) })
    expect(answer).toMatchObject({ status: 503, reason: 'unavailable' })
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  it('is unavailable when the configuration is wrong', async () => {
    expect(await send({ env: { PHAROS: { reports: 'no' } } })).toMatchObject({ status: 503, reason: 'misconfigured' })
  })
})

describe('/v1/reports', () => {
  it('answers the preflight of a browser', async () => {
    const headers = {
      origin: shop,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const response = await ask('/v1/reports', { method: 'OPTIONS', headers, env: configured })
    expect(response.status).toBe(204)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('content-type'),
    })
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it.each(['GET', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    const response = await ask('/v1/reports', { method, env: configured })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  it.each(['POST', 'OPTIONS', 'GET'])('is not there for %s when it is switched off', async (method) => {
    const aggregator = createFakeAggregator()
    const env = { PHAROS: { reports: false } }
    const response = await ask('/v1/reports', { method, env, aggregator, ...(method === 'POST' && { body: valid }) })
    expect(response.status).toBe(404)
    expect({ ...aggregator }).toMatchObject({ ingested: [], refused: [] })
  })
})

describe('with the real aggregator', () => {
  const real = (exports as unknown as { default: Fetcher }).default
  // The deployed default takes pages of the worker's own origin only.
  const own = 'https://beacon.example.com'
  const post = (reports: readonly unknown[]): Promise<Response> =>
    real.fetch(`${own}/v1/reports`, { method: 'POST', headers: { origin: own }, body: JSON.stringify(reports) })
  /** The sums of counters. Other tests count at the same object. */
  const sums = async (): Promise<ReadonlyMap<string, number>> => {
    const { series } = await (env as unknown as Env).AGGREGATOR.getByName('root').snapshot()
    return new Map(series.map(({ key, total }) => [key, Array.isArray(total) ? total.reduce((a, b) => a + b, 0) : NaN]))
  }

  it('every request adds once, and what is left out is counted by its reason', async () => {
    const before = await sums()
    const crashes = Array.from({ length: 3 }, () => ({ ...crash, url: `${own}/` }))
    expect((await post([...crashes, crash, null])).status).toBe(204)
    expect((await post(crashes)).status).toBe(204)
    expect((await post([crash])).status).toBe(403)
    const after = await sums()
    const wanted = {
      [CRASHES]: 6,
      '["counter","pharos.batches","","","outcome","accepted"]': 2,
      '["counter","pharos.beacons","","","outcome","accepted"]': 2,
      '["counter","pharos.beacons","","","outcome","refused_origin_not_allowed"]': 1,
      '["counter","pharos.dropped","","","reason","origin_not_allowed","where","edge"]': 1,
      '["counter","pharos.dropped","","","reason","bad_shape","where","edge"]': 1,
    }
    const added = Object.keys(wanted).map((key) => [key, (after.get(key) ?? 0) - (before.get(key) ?? 0)])
    expect(Object.fromEntries(added)).toEqual(wanted)
  })
})
