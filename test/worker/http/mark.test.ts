import { describe, expect, it } from 'vitest'
import type { Env } from '../../../worker/config/env.ts'
import { ask } from './ask.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const point = JSON.stringify({
  v: 1,
  sent: 1,
  groups: [{ session: 'AAAAAAAAAAAAAAAA', resource: {}, batches: [[1, 1, [['clicks', 1]], []]] }],
})
const failing = createFakeAggregator(new Error('overloaded'))
const throwing = {
  getByName: () => {
    throw new Error('no such object')
  },
} as unknown as Env['AGGREGATOR']
const shop = { PHAROS: { origins: ['https://shop.example.com'] } }

describe('an answer to a beacon', () => {
  it.each([
    ['an acknowledgement', 204, { method: 'POST', body: point }],
    ['a preflight', 204, { method: 'OPTIONS' }],
    ['a refusal of the body', 400, { method: 'POST', body: '{' }],
    ['a refusal of the origin', 403, { method: 'POST', body: point, env: shop, headers: { origin: 'null' } }],
    ['another method', 405, { method: 'GET' }],
    ['HEAD', 405, { method: 'HEAD' }],
    ['a body that is too large', 413, { method: 'POST', body: ' '.repeat(70_000) }],
    ['a coding that is not known', 415, { method: 'POST', body: point, headers: { 'content-encoding': 'br' } }],
    ['a refusal of the form', 422, { method: 'POST', body: '[]' }],
    ['an exception of ours', 500, { method: 'POST', body: point, env: { AGGREGATOR: throwing } }],
    ['totals that cannot be reached', 503, { method: 'POST', body: point, aggregator: failing }],
    ['a configuration with mistakes', 503, { method: 'POST', body: point, env: { PHAROS: { orgins: [] } } }],
  ])('that is %s, %i, has the mark, and any page may read it', async (_, status, init) => {
    const response = await ask('/v1/beacon', init)
    expect(response.status).toBe(status)
    expect(response.headers.get('pharos')).toBe('1')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const exposed = response.headers.get('access-control-expose-headers')?.split(',')
    expect(exposed).toEqual(['pharos', 'pharos-settings', 'retry-after'])
  })

  it('has the settings that pages are told beside it', async () => {
    const aggregator = createFakeAggregator()
    aggregator.settings = '{"enabled":false}'
    const response = await ask('/v1/beacon', { method: 'POST', body: point, aggregator })
    expect(response.headers.get('pharos-settings')).toBe('{"enabled":false}')
  })
})

it.each(['/', '/v1/beacon/', '/health', '/metrics', '/v1/reports'])('an answer of %s has no mark', async (path) => {
  expect((await ask(path)).headers.has('pharos')).toBe(false)
})
