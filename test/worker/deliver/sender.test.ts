import { describe, expect, it } from 'vitest'
import type { SendOutcome } from '../../../worker/deliver/outcome.ts'
import { createSender, type Sender } from '../../../worker/deliver/sender.ts'
import { type Answer, createFakeWorld, type FakeWorld, requestOf } from './fake-world.ts'

const senderOf = (world: FakeWorld, bearerToken?: string): Sender =>
  createSender({
    fetch: world.fetch,
    now: world.now,
    outcome: (status) => (status < 300 ? 'accepted' : status === 429 || status >= 500 ? 'retry' : 'refused'),
    timeoutMs: 1_000,
    bearerToken,
  })

describe('createSender', () => {
  it.each<[string, Answer, SendOutcome]>([
    ['a success', 204, { type: 'accepted' }],
    ['a success with a body', { status: 200, body: 'ok' }, { type: 'accepted' }],
    [
      'a refusal',
      { status: 400, body: 'out of\n\u0007order' },
      { type: 'refused', status: 400, detail: 'out of order' },
    ],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://other.example' } },
      { type: 'refused', status: 307, detail: '' },
    ],
    ['trouble', { status: 503, body: 'down' }, { type: 'retry', status: 503, detail: 'down' }],
    [
      'seconds to wait',
      { status: 429, headers: { 'retry-after': '7' } },
      { type: 'retry', status: 429, detail: '', afterMs: 7_000 },
    ],
    [
      'a date to wait for',
      { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:20:00 GMT' } },
      { type: 'retry', status: 503, detail: '', afterMs: 200_000 },
    ],
    [
      'nonsense to wait for',
      { status: 503, headers: { 'retry-after': 'soon' } },
      { type: 'retry', status: 503, detail: '' },
    ],
    ['no answer', 'broken', { type: 'retry', detail: 'TypeError: connection lost' }],
  ])('reads %s', async (...[, answer, expected]) => {
    expect(await senderOf(createFakeWorld(() => answer))(requestOf())).toEqual(expected)
  })

  it('sends the bytes and headers as they are, follows no redirect, and has a time-out', async () => {
    const world = createFakeWorld(() => 204)
    await senderOf(world)(requestOf())
    const [{ url, init, body }] = world.calls as [FakeWorld['calls'][number]]
    expect(url).toBe('https://receiver.example/write')
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-protobuf' },
    })
    expect(init.headers).not.toHaveProperty('authorization')
    expect(init.signal).toBeInstanceOf(AbortSignal)
    expect(Array.from(body)).toEqual([1, 2, 3])
  })

  it('gives up a request that is never answered', async () => {
    const never: FakeWorld['fetch'] = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)))
    const send = createSender({
      fetch: never,
      now: () => 0,
      outcome: () => 'accepted',
      timeoutMs: 1,
      bearerToken: undefined,
    })
    expect(await send(requestOf())).toMatchObject({
      type: 'retry',
      detail: expect.stringContaining('Timeout') as string,
    })
  })

  it('compresses where it is asked to', async () => {
    const world = createFakeWorld(() => 204)
    await senderOf(world)(requestOf({ encoding: 'gzip' }))
    const [{ init, body }] = world.calls as [FakeWorld['calls'][number]]
    expect(init.headers).toHaveProperty('content-encoding', 'gzip')
    const plain = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
    expect(Array.from(new Uint8Array(await new Response(plain).arrayBuffer()))).toEqual([1, 2, 3])
  })

  it('sends the token, and shows it nowhere', async () => {
    const world = createFakeWorld(() => ({ status: 401, body: 'bad token s3cret!' }))
    expect(await senderOf(world, 's3cret')(requestOf())).toEqual({
      type: 'refused',
      status: 401,
      detail: 'bad token [secret]!',
    })
    expect(world.calls[0]!.init.headers).toHaveProperty('authorization', 'Bearer s3cret')
  })
})
