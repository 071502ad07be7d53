import { describe, expect, it } from 'vitest'
import { ask } from '../ask.ts'
import { createFakeAggregator } from '../fake-aggregator.ts'

const env = { ADMIN_TOKEN: 'a-token-of-the-operator' }
const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` }

describe('GET /v1/dead-letters', () => {
  it('shows each with its series and its reason', async () => {
    const response = await ask('/v1/dead-letters', { env, headers })
    const letter = {
      destination: 'main',
      key: '["counter","clicks","shop",""]',
      series: { kind: 'counter', name: 'clicks', service: 'shop', release: '', attributes: {} },
      reason: '400 too long',
      timeMs: 1_000,
    }
    expect(await response.json()).toEqual({ deadLetters: [letter, { ...letter, delta: { value: 1.5 } }] })
  })

  it.each([
    ['', undefined],
    ['?destination=main', 'main'],
    ['?x=y&destination=a%20b', 'a b'],
  ])('asked with %j', async (query, destination) => {
    const aggregator = createFakeAggregator()
    await ask(`/v1/dead-letters${query}`, { env, headers, aggregator })
    expect(aggregator.asked).toEqual([['deadLetters', destination]])
  })
})

describe.each([
  { method: 'POST', path: '/v1/dead-letters/replay', asked: 'replayDeadLetters', done: 'replayed' },
  { method: 'DELETE', path: '/v1/dead-letters', asked: 'dropDeadLetters', done: 'dropped' },
])('$method $path', ({ method, path, asked, done }) => {
  it.each([
    [{ destination: 'main' }, ['main', undefined], 7],
    [{ destination: 'main', keys: ['a', 'b'] }, ['main', ['a', 'b']], 2],
  ])('with %j says how many', async (body, args, count) => {
    const aggregator = createFakeAggregator()
    const response = await ask(path, { method, env, headers, aggregator, body: JSON.stringify(body) })
    expect(await response.json()).toEqual({ [done]: count })
    expect(aggregator.asked).toEqual([[asked, ...args]])
  })

  it.each([
    ['{}', 422, ['body.destination: add this key: it is missing']],
    ['[]', 422, ['body: give an object with destination']],
    ['{"destination":""}', 422, ['body.destination: give the name']],
    ['{"destination":"a","keys":[]}', 422, ['body.keys: give at least one key']],
    ['{"destination":"a","keys":[1]}', 422, ['body.keys[0]: give the "key"']],
    ['{"destination":"a","all":true}', 422, ['body.all: remove this key']],
  ])('does not take %s', async (body, status, errors) => {
    const aggregator = createFakeAggregator()
    const response = await ask(path, { method, env, headers, aggregator, body })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      reason: 'bad_request',
      errors: errors.map((it) => expect.stringContaining(it) as string),
    })
    expect(aggregator.asked).toEqual([])
  })

  it('does not take what is no JSON', async () => {
    const response = await ask(path, { method, env, headers, body: '{' })
    expect(await response.json()).toMatchObject({ status: 400, reason: 'bad_json' })
  })
})
