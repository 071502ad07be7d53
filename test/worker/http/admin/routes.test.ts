import { describe, expect, it } from 'vitest'
import { fail } from '../../../../src/protocol/result.ts'
import { ask, type AskOptions } from '../ask.ts'
import { createFakeAggregator } from '../fake-aggregator.ts'

const TOKEN = 'a-token-of-the-operator'

const PHAROS = {
  destinations: [
    {
      name: 'main',
      kind: 'prometheus',
      url: 'https://prometheus.example.com/api/v1/write?key=hunter2',
      headers: { 'x-region': 'hunter2' },
      bearerTokenSecret: 'PROM_TOKEN',
    },
  ],
}

const env = { PHAROS, ADMIN_TOKEN: TOKEN, PROM_TOKEN: 'hunter2' }
const authorization = `Bearer ${TOKEN}`

const askAsAdmin = (path: string, options: Partial<AskOptions> = {}): Promise<Response> =>
  ask(path, { env, ...options, headers: { authorization, ...options.headers } })

const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/v1/status'],
  ['HEAD', '/v1/status'],
  ['GET', '/v1/config'],
  ['PUT', '/v1/config'],
  ['DELETE', '/v1/config'],
  ['GET', '/v1/dead-letters'],
  ['GET', '/v1/dead-letters?destination=main'],
  ['DELETE', '/v1/dead-letters'],
  ['POST', '/v1/dead-letters/replay'],
]

describe('every admin route', () => {
  it.each(ROUTES)('%s %s answers nobody without the token', async (method, path) => {
    const body = method === 'PUT' || method === 'POST' ? { body: '{}' } : {}
    const cases: readonly [secrets: object, sent: Record<string, string>][] = [
      [{ ADMIN_TOKEN: TOKEN }, {}],
      [{ ADMIN_TOKEN: TOKEN }, { authorization: `Bearer ${TOKEN}x` }],
      [{ ADMIN_TOKEN: TOKEN }, { authorization: `Basic ${TOKEN}` }],
      [
        { ADMIN_TOKEN: TOKEN, METRICS_TOKEN: 'the-token-for-metrics' },
        { authorization: 'Bearer the-token-for-metrics' },
      ],
      [{}, {}],
      [{}, { authorization: 'Bearer undefined' }],
      [{ ADMIN_TOKEN: '' }, { authorization: 'Bearer ' }],
      [{ ADMIN_TOKEN: 'fifteen-letters' }, { authorization: 'Bearer fifteen-letters' }],
      [{ ADMIN_TOKEN: 1_234_567_890_123_456 }, { authorization: 'Bearer 1234567890123456' }],
    ]
    for (const [secrets, headers] of cases) {
      const aggregator = createFakeAggregator()
      const open = { PHAROS: { development: true }, ...secrets }
      const response = await ask(path, { method, headers, env: open, aggregator, ...body })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="pharos"')
      expect(response.headers.get('cache-control')).toBe('no-store')
      // HEAD has no body.
      expect((await response.text()).includes('wrangler secret put ADMIN_TOKEN')).toBe(method !== 'HEAD')
      expect(aggregator.asked).toEqual([])
    }
  })

  it.each(ROUTES)('%s %s says when the totals cannot be reached', async (method, path) => {
    const aggregator = createFakeAggregator(new Error('overloaded'))
    const body = { body: '{"destination":"main"}' }
    const response = await askAsAdmin(path, {
      method,
      aggregator,
      ...(method === 'POST' && body),
      ...(method === 'PUT' && { body: '{}' }),
      ...(method === 'DELETE' && body),
    })
    expect(response.status).toBe(503)
    expect((await response.text()).includes('"reason":"unavailable"')).toBe(method !== 'HEAD')
  })

  it.each(ROUTES)('%s %s says nothing to other origins', async (method, path) => {
    const body = { body: '{"destination":"main"}' }
    const response = await askAsAdmin(path, {
      method,
      headers: { origin: 'https://evil.example.com' },
      ...(method === 'POST' && body),
      ...(method === 'PUT' && { body: '{}' }),
      ...(method === 'DELETE' && body),
    })
    expect(response.status).toBe(200)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['/v1/status', 'POST', 'GET, HEAD'],
    ['/v1/status', 'OPTIONS', 'GET, HEAD'],
    ['/v1/config', 'POST', 'GET, HEAD, PUT, DELETE'],
    ['/v1/dead-letters', 'PATCH', 'GET, HEAD, DELETE'],
    ['/v1/dead-letters/replay', 'GET', 'POST'],
  ])('%s does not take %s', async (path, method, allow) => {
    const response = await askAsAdmin(path, { method, ...(method === 'POST' && { body: 'x'.repeat(100_000) }) })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(await response.json()).toMatchObject({ reason: 'method_not_allowed' })
  })

  it.each(['/v1/config/', '/v1/Status', '/v1/dead-letters/x', '/v1/admin'])('%s is not found', async (path) => {
    const response = await askAsAdmin(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ reason: 'not_found' })
  })

  it.each([` ${TOKEN}\n`, 'sixteen-letters.'])('takes the token %j', async (token) => {
    const headers = { authorization: `Bearer ${token.trim()}` }
    expect((await ask('/v1/status', { env: { ADMIN_TOKEN: token }, headers })).status).toBe(200)
  })
})

describe('GET /v1/status', () => {
  it('is what the aggregator says', async () => {
    const aggregator = createFakeAggregator()
    const response = await askAsAdmin('/v1/status', { aggregator })
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual(await aggregator.status())
  })
})

describe('/v1/config', () => {
  const aggregator = createFakeAggregator()
  const override = { flushIntervalMs: 5_000, destinations: { main: { enabled: false } } }
  const put = (body: AskOptions['body'], headers = {}): Promise<Response> =>
    askAsAdmin('/v1/config', { method: 'PUT', body, headers, aggregator })

  it('shows what holds, changes it, and goes back, each with one call', async () => {
    const shown = async (response: Promise<Response>): Promise<unknown> => {
      expect((await response).status).toBe(200)
      return (await response).json()
    }
    const before = { effective: { flushIntervalMs: 15_000 }, override: null, mistakes: [] }
    expect(await shown(askAsAdmin('/v1/config', { aggregator }))).toEqual(before)
    expect(await shown(put(JSON.stringify(override)))).toEqual({ ...before, override })
    expect(await shown(askAsAdmin('/v1/config', { aggregator }))).toEqual({ ...before, override })
    expect(await shown(askAsAdmin('/v1/config', { method: 'DELETE', aggregator }))).toEqual(before)
    expect(aggregator.asked).toEqual([['setOverride', override], ['resetOverride']])
  })

  it('hands null to the aggregator, which refuses it: only DELETE resets', async () => {
    aggregator.asked.length = 0
    await put('null')
    expect(aggregator.asked).toEqual([['setOverride', null]])
  })

  it('lists every mistake that the aggregator finds', async () => {
    const errors = ['override.flushIntervalMs: give a whole number', 'override.destinations.x: remove this key']
    const picky = { ...createFakeAggregator(), setOverride: () => Promise.resolve(fail(errors)) }
    const response = await askAsAdmin('/v1/config', { method: 'PUT', body: '{}', aggregator: picky })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ reason: 'bad_config', errors })
  })

  it.each([
    ['{', {}, 400, 'bad_json'],
    ['', {}, 400, 'bad_json'],
    [new Uint8Array([0xff]), {}, 400, 'bad_utf8'],
    [`"${'x'.repeat(65_536)}"`, {}, 413, 'body_too_large'],
    ['{}', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    ['{}', { 'content-encoding': 'gzip' }, 400, 'bad_encoding'],
  ])('refuses the body %#', async (body, headers, ...problem) => {
    const response = await put(body, headers)
    const { reason } = await response.json<{ reason: string }>()
    expect([response.status, reason]).toEqual(problem)
  })

  it.each(['GET', 'PUT', 'DELETE'])('%s says to look at the health when what was deployed is wrong', async (method) => {
    const broken = { env: { ...env, PHAROS: { orgins: [] } }, ...(method === 'PUT' && { body: '{}' }) }
    const response = await askAsAdmin('/v1/config', { method, ...broken })
    expect(await response.json()).toMatchObject({ status: 503, reason: 'misconfigured' })
  })
})
