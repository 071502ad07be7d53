import { describe, expect, it } from 'vitest'
import { MAX_BODY_BYTES, RETENTION_MS } from '../../../src/protocol/limits.ts'
import { fail, ok } from '../../../src/protocol/result.ts'
import { defaultConfig } from '../../../worker/config/default-config.ts'
import { answerBeacon } from '../../../worker/http/beacon.ts'
import type { Config } from '../../../worker/config/types.ts'
import { createFakeAggregator } from './fake-aggregator.ts'

const url = 'https://beacon.example.com/v1/beacon'
const session = 'AAAAAAAAAAAAAAAA'
const batch = (sequence: number, points: unknown, ageMs = 0): unknown => [sequence, 5e11 - ageMs, points, []]
const body = (...batches: readonly unknown[]): string =>
  JSON.stringify({ v: 1, sent: 5e11, groups: [{ session, resource: {}, batches }] })
const valid = body(batch(1, [['clicks', 2]]))

const gzip = async (bytes: BodyInit): Promise<Uint8Array> => {
  const packed = new Response(bytes).body!.pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

interface Answer {
  readonly status: number
  readonly reason: string | undefined
  readonly headers: Headers
  readonly aggregator: ReturnType<typeof createFakeAggregator>
}

async function send(init: RequestInit, config: Partial<Config> = {}, settings?: string): Promise<Answer> {
  const aggregator = createFakeAggregator()
  aggregator.settings = settings
  const work: Promise<unknown>[] = []
  const ports = {
    config: ok({ ...defaultConfig, ...config }),
    aggregator,
    waitUntil: (it: Promise<unknown>) => void work.push(it),
  }
  const response = await answerBeacon(new Request(url, { method: 'POST', ...init }), ports)
  await Promise.all(work)
  const text = await response.text()
  const reason = text === '' ? undefined : JSON.parse(text).reason
  return { status: response.status, reason, headers: response.headers, aggregator }
}

describe('a beacon', () => {
  it('that is valid is handed over once and answered without a body', async () => {
    const { status, reason, headers, aggregator } = await send({ body: valid })
    expect({ status, reason }).toEqual({ status: 204, reason: undefined })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(aggregator.refused).toEqual([])
    expect(aggregator.ingested).toEqual([
      { session, sequence: 1, ageMs: 0, deltas: [['["counter","clicks","",""]', [2]]], dropped: [] },
    ])
  })

  it.each([['text/plain;charset=UTF-8'], ['application/json'], ['image/png'], ['']])(
    'of type "%s" is read as JSON',
    async (type) => {
      expect((await send({ body: valid, headers: { 'content-type': type } })).status).toBe(204)
    },
  )

  it('without a valid point is taken all the same, and its points are counted by their reasons', async () => {
    const { status, aggregator } = await send({ body: body(batch(1, [['a b', 1], ['clicks', 0]])) }) // prettier-ignore
    expect(status).toBe(204)
    expect(aggregator.ingested).toMatchObject([{ deltas: [], dropped: ['bad_name', 'bad_value'] }])
  })

  it('keeps what is valid beside what is not', async () => {
    const mixed = body(batch(1, [['clicks', -1]]), batch(2, [['clicks', 1], ['a b', 1]]), batch(3, [['x', 1]], 2 * RETENTION_MS)) // prettier-ignore
    const { status, aggregator } = await send({ body: mixed })
    expect(status).toBe(204)
    expect(aggregator.ingested.map(({ sequence, deltas, dropped }) => [sequence, deltas.length, dropped])).toEqual([
      [1, 0, ['bad_value']],
      [2, 1, ['bad_name']],
      [3, 0, ['expired']],
    ])
  })

  it.each([
    ['no body', undefined, 400, 'bad_json'],
    ['an empty body', '', 400, 'bad_json'],
    ['NaN', '{"v":NaN}', 400, 'bad_json'],
    ['a cut body', valid.slice(0, -1), 400, 'bad_json'],
    ['broken UTF-8', new Uint8Array([0x22, 0xc3, 0x28, 0x22]), 400, 'bad_utf8'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00]), 400, 'bad_utf8'],
    ['an encoded surrogate', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 400, 'bad_utf8'],
    ['null', 'null', 422, 'bad_envelope'],
    ['an array', '[]', 422, 'bad_envelope'],
    ['another version', valid.replace('"v":1', '"v":2'), 422, 'unsupported_version'],
    ['a wrong session', valid.replace(session, 'short'), 422, 'bad_group'],
    ['a wrong batch', body([1]), 422, 'bad_batch'],
    ['too many batches', body(...Array.from({ length: 501 }, () => batch(1, [['a', 1]]))), 422, 'too_many_batches'],
    ['only old batches', body(batch(1, [['clicks', 1]], RETENTION_MS + 1)), 422, 'expired'],
    ['deep arrays', '['.repeat(30_000) + ']'.repeat(30_000), 422, 'bad_envelope'],
    ['deep open arrays', '['.repeat(60_000), 400, 'bad_json'],
    ['one byte too many', valid + ' '.repeat(MAX_BODY_BYTES - valid.length + 1), 413, 'body_too_large'],
    ['five megabytes', ' '.repeat(5_000_000), 413, 'body_too_large'],
  ] as const)('of %s is refused with a reason and counted', async (_, bytes, ...[status, reason]) => {
    const answer = await send({ body: bytes ?? null })
    expect(answer).toMatchObject({ status, reason, aggregator: { ingested: [], refused: [reason] } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('may be as long as the limit', async () => {
    expect((await send({ body: valid.padEnd(MAX_BODY_BYTES) })).status).toBe(204)
  })

  it('may begin with a byte order mark', async () => {
    expect((await send({ body: `\ufeff${valid}` })).status).toBe(204)
  })

  it('is measured while it is read, whatever length it claims', async () => {
    const stream = (chunks: number): ReadableStream =>
      new ReadableStream({
        start(controller) {
          for (let i = 0; i < chunks; i++) controller.enqueue(new Uint8Array(1_000).fill(0x20))
          controller.enqueue(new TextEncoder().encode(valid))
          controller.close()
        },
      })
    expect(await send({ body: stream(10) })).toMatchObject({ status: 204 })
    expect(await send({ body: stream(70) })).toMatchObject({ status: 413 })
    expect(await send({ body: stream(70), headers: { 'content-length': '10' } })).toMatchObject({ status: 413 })
  })

  it('that breaks off is refused', async () => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) })
    expect(await send({ body: broken })).toMatchObject({ status: 400, reason: 'unreadable_body' })
  })
})

describe('what pages are told', () => {
  const settings = '{"enabled":false,"sampleRate":0.1,"flushIntervalMs":60000}'

  it('is nothing, where the aggregator says nothing', async () => {
    // What is deployed is for the aggregator to say, with what was changed since: it knows both.
    const { headers } = await send({ body: valid }, { page: { enabled: false } })
    expect([...headers.keys()]).toEqual(['access-control-allow-origin'])
  })

  it('is in a header of every acknowledgement, that any page may read', async () => {
    const { status, headers } = await send({ body: valid }, {}, settings)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('pharos-settings')).toBe(settings)
  })

  it.each([
    ['a refusal', { body: '{' }, 400],
    ['an old batch', { body: body(batch(1, [['clicks', 1]], RETENTION_MS + 1)) }, 422],
    ['an origin that may not send', { body: valid, headers: { origin: 'https://evil.example.com' } }, 403],
  ] as const)('is not in %s', async (_, init, status) => {
    const refused = await send(init, {}, settings)
    expect([refused.status, refused.headers.has('pharos-settings')]).toEqual([status, false])
  })
})

describe('a content coding', () => {
  it.each(['gzip', 'GZIP', 'x-gzip'])('%s is undone', async (coding) => {
    const answer = await send({ body: await gzip(valid), headers: { 'content-encoding': coding } })
    expect(answer).toMatchObject({ status: 204, aggregator: { ingested: [{ sequence: 1 }] } })
  })

  it('identity is none', async () => {
    expect(await send({ body: valid, headers: { 'content-encoding': 'identity' } })).toMatchObject({ status: 204 })
  })

  it.each(['br', 'deflate', 'gzip, gzip', 'zstd'])('%s is not known', async (coding) => {
    const answer = await send({ body: valid, headers: { 'content-encoding': coding } })
    expect(answer).toMatchObject({ status: 415, reason: 'unsupported_encoding' })
  })

  it('that is a bomb is cut', async () => {
    const bomb = await gzip(new Uint8Array(50_000_000))
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES)
    const answer = await send({ body: bomb, headers: { 'content-encoding': 'gzip' } })
    expect(answer).toMatchObject({ status: 413, reason: 'body_too_large' })
  })

  it.each([
    ['not gzip', () => new TextEncoder().encode(valid)],
    ['cut', (bytes: Uint8Array) => bytes.slice(0, -9)],
    ['corrupt', (bytes: Uint8Array) => bytes.with(20, bytes[20]! ^ 0xff)],
    ['followed by more', (bytes: Uint8Array) => new Uint8Array([...bytes, 1, 2, 3])],
    ['empty', () => new Uint8Array()],
  ])('that is %s is refused', async (_, damage) => {
    const answer = await send({ body: damage(await gzip(valid)), headers: { 'content-encoding': 'gzip' } })
    expect(answer).toMatchObject({ status: 400, reason: 'bad_encoding' })
  })
})

describe('an origin', () => {
  const shop = { origins: ['https://shop.example.com'] }
  it.each([
    [{}, 'https://beacon.example.com', 204],
    [{}, 'https://shop.example.com', 403],
    [shop, 'https://shop.example.com', 204],
    [shop, 'https://evil.example.com', 403],
    [shop, undefined, 403],
    [{ origins: ['*'] }, 'https://evil.example.com', 204],
  ])('is held against %j: %s gets %d', async (config, origin, status) => {
    const answer = await send({ body: valid, headers: origin ? { origin } : {} }, config)
    expect(answer).toMatchObject({ status, aggregator: { refused: status === 403 ? ['origin_not_allowed'] : [] } })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('another method', () => {
  it('OPTIONS allows what a page needs', async () => {
    const { status, headers } = await send({ method: 'OPTIONS', headers: { origin: 'https://shop.example.com' } })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-methods')).toBe('POST')
    expect(headers.get('access-control-allow-headers')).toContain('content-type')
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('%s is not allowed', async (method) => {
    const { status, headers, aggregator } = await send({ method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('POST, OPTIONS')
    expect(aggregator.ingested).toEqual([])
  })
})

describe('when the edge itself is not well', () => {
  const post = (ports: Partial<Parameters<typeof answerBeacon>[1]>): Promise<Response> =>
    answerBeacon(new Request(url, { method: 'POST', body: valid }), {
      config: ok(defaultConfig),
      aggregator: createFakeAggregator(),
      waitUntil: () => undefined,
      ...ports,
    })

  it.each([
    ['the aggregator fails', { aggregator: createFakeAggregator(new Error('overloaded')) }, 'unavailable'],
    ['the configuration is wrong', { config: fail(['PHAROS: give an object']) }, 'misconfigured'],
  ])('%s, the client is told to keep the beacon', async (_, ports, reason) => {
    const response = await post(ports)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.json()).toMatchObject({ reason })
  })

  it('a refusal that cannot be counted is still a refusal', async () => {
    const work: Promise<unknown>[] = []
    const response = await answerBeacon(new Request(url, { method: 'POST', body: '{' }), {
      config: ok(defaultConfig),
      aggregator: createFakeAggregator(new Error('overloaded')),
      waitUntil: (it) => void work.push(it),
    })
    expect(response.status).toBe(400)
    await expect(Promise.all(work)).resolves.toBeDefined()
  })
})
