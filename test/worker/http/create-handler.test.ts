import { describe, expect, it } from 'vitest'
import { ask, script } from './ask.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const development = { PHAROS: { development: true } }

describe('routes', () => {
  it.each([
    '/',
    '/v1',
    '/v1/beacon/',
    '/V1/beacon',
    '//v1/beacon',
    '/metrics/',
    '/pharos.0.js',
    '/pharos.0123456789abcdef0.js',
    '/pharos.0123456789ABCDEF.js',
    '/pharos-.0123456789abcdef.js',
    '/pharos-courier.js',
    '/pharos-Courier.0123456789abcdef.js',
    '/x/pharos.0123456789abcdef.js',
    '/%',
    '/%zz',
    '/\u0000',
  ])('%j is not found', async (path) => {
    const response = await ask(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: 'about:blank', status: 404, reason: 'not_found' })
    // For a page whose `url` is wrong.
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it.each([
    ['/v1/beacon', 'GET', 'POST, OPTIONS'],
    ['/v1/beacon?x#y', 'GET', 'POST, OPTIONS'],
    ['/metrics', 'POST', 'GET, HEAD'],
    ['/health', 'DELETE', 'GET, HEAD'],
    ['/pharos.js', 'PUT', 'GET, HEAD'],
    [script.main.path, 'POST', 'GET, HEAD'],
    ['/pharos-courier.fedcba9876543210.js', 'PUT', 'GET, HEAD'],
    ['/pharos.fedcba9876543210.js', 'POST', 'GET, HEAD'],
  ])('%s does not take %s', async (path, method, allow) => {
    const response = await ask(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
  })
})

describe('GET /metrics', () => {
  const token = { METRICS_TOKEN: 'secret' }
  it.each([
    { title: 'without a token set', env: {}, authorization: undefined, status: 401 },
    { title: 'without a token set, whatever is sent', env: {}, authorization: 'Bearer undefined', status: 401 },
    { title: 'with an empty token set', env: { METRICS_TOKEN: '' }, authorization: 'Bearer ', status: 401 },
    { title: 'without a token sent', env: token, authorization: undefined, status: 401 },
    { title: 'with another token', env: token, authorization: 'Bearer secreT', status: 401 },
    { title: 'with another scheme', env: token, authorization: 'Basic secret', status: 401 },
    { title: 'with the token', env: token, authorization: 'Bearer secret', status: 200 },
    { title: 'with the token, scheme in lower case', env: token, authorization: 'bearer secret', status: 200 },
    {
      title: "with the token, where the secret has got a line's end",
      env: { METRICS_TOKEN: 'secret\n' },
      authorization: 'Bearer secret',
      status: 200,
    },
    {
      title: 'with the text of a secret that is none',
      env: { METRICS_TOKEN: { token: 'secret' } },
      authorization: 'Bearer [object',
      status: 401,
    },
    { title: 'with a secret of white space', env: { METRICS_TOKEN: ' \n' }, authorization: 'Bearer  ', status: 401 },
    { title: 'in development', env: development, authorization: undefined, status: 200 },
  ])('$title is $status', async ({ env, authorization, status }) => {
    const response = await ask('/metrics', { env, headers: authorization ? { authorization } : {} })
    expect(response.status).toBe(status)
    if (status === 200) return
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.json()).toMatchObject({
      reason: 'unauthorized',
      detail: expect.stringContaining('METRICS_TOKEN'),
    })
  })

  it('says to look at the health when the configuration is wrong', async () => {
    const env = { ...token, PHAROS: { orgins: [] } }
    expect((await ask('/metrics', { env })).status).toBe(401)
    const response = await ask('/metrics', { env, headers: { authorization: 'Bearer secret' } })
    expect(await response.json()).toMatchObject({ status: 503, reason: 'misconfigured' })
  })
})

describe('GET /health', () => {
  it('shows every destination', async () => {
    const response = await ask('/health')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ok',
      configuration: [],
      destinations: [{ name: 'main', state: 'ok', consecutiveFailures: 0, lastSuccessMs: 1_000 }],
    })
  })

  it('is alive while a destination fails', async () => {
    const failing = { name: 'main', state: 'failing', consecutiveFailures: 3 } as const
    const health = { status: 'failing', configuration: [], destinations: [failing] } as const
    const aggregator = { ...createFakeAggregator(), health: () => Promise.resolve(health) }
    const response = await ask('/health', { aggregator })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ status: 'failing', destinations: [failing] })
  })

  it('lists what is wrong with the configuration', async () => {
    const response = await ask('/health', { env: { PHAROS: { origins: 'hunter2' } } })
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'down',
      configuration: ['PHAROS.origins: give a list of origins'],
      destinations: [],
    })
  })

  it('is down when the aggregator is', async () => {
    const response = await ask('/health', { aggregator: createFakeAggregator(new Error('overloaded')) })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'down' })
  })
})
