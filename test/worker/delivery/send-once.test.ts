import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../worker/model/types.ts'
import type { SendOutcome } from '../../../worker/delivery/outcome.ts'
import { createSendOnce, prepare } from '../../../worker/delivery/send-once.ts'
import { createHttpTransport } from '../../../worker/delivery/transports/http.ts'
import type { Transport } from '../../../worker/delivery/transport.ts'
import { type Answer, createFakeWorld, type FakeWorld, requestOf } from './fake-world.ts'

const credentials = { headers: {}, redact: (text: string) => text.replaceAll('s3cret', '[secret]') }

const byStatus = ({ status }: { readonly status: number }): Verdict => {
  if (status < 300) return { type: 'accepted' }
  return { type: status === 429 || status >= 500 ? 'retry' : status === 415 ? 'unsupported' : 'refused' }
}

interface SendOptions {
  readonly readAnswer?: Parameters<typeof createSendOnce>[0]['readAnswer']
  readonly timeoutMs?: number
  readonly transport?: Transport
  readonly url?: string
}

async function send(world: FakeWorld, options: SendOptions = {}): Promise<SendOutcome> {
  const { readAnswer = byStatus, timeoutMs = 1_000, transport = createHttpTransport(world), url } = options
  const sendOnce = createSendOnce({ transport, now: world.now, readAnswer, timeoutMs, redact: credentials.redact })
  const request = requestOf(url === undefined ? {} : { url })
  return sendOnce({ request, outgoing: await prepare(request, credentials), number: 1 })
}

const never: Transport = (_request, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('createSendOnce', () => {
  const retry = (status: number, changes: object = {}): SendOutcome => ({
    type: 'retry',
    status,
    detail: '',
    inDoubt: false,
    ...changes,
  })

  it.each<[string, Answer, SendOutcome]>([
    ['a success', 204, { type: 'accepted', status: 204 }],
    ['a success with a body', { status: 200, body: 'ok' }, { type: 'accepted', status: 200 }],
    [
      'a refusal',
      { status: 400, body: ' out of\n\u0007order' },
      { type: 'refused', status: 400, detail: 'out of order', inDoubt: false },
    ],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://other.example' } },
      { type: 'refused', status: 307, detail: '', inDoubt: false },
    ],
    ['a version it does not speak', 415, { type: 'unsupported', status: 415, detail: '' }],
    ['trouble', { status: 503, body: 'down' }, retry(503, { detail: 'down' })],
    ['seconds to wait', { status: 429, headers: { 'retry-after': '7' } }, retry(429, { afterMs: 7_000 })],
    [
      'a date to wait for',
      { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:20:00 GMT' } },
      retry(503, { afterMs: 200_000 }),
    ],
    ['nonsense to wait for', { status: 503, headers: { 'retry-after': 'soon' } }, retry(503)],
    ['no answer', 'broken', { type: 'retry', cause: 'no_answer', detail: 'TypeError: connection lost', inDoubt: true }],
  ])('reads %s', async (...[, answer, expected]) => {
    expect(await send(createFakeWorld(() => answer))).toEqual(expected)
  })

  it.each([
    [429, false],
    [500, false],
    [503, false],
    [507, false],
    [502, true],
    [504, true],
    [520, true],
    [522, true],
    [524, true],
  ])(
    'takes the word of a service that answers %i, and doubts that of one that speaks for it',
    async (status, inDoubt) => {
      expect(await send(createFakeWorld(() => status))).toMatchObject({ type: 'retry', status, inDoubt })
    },
  )

  it('doubts the word of one that speaks for a service even where it is not worth another try', async () => {
    const readAnswer = (): Verdict => ({ type: 'refused' })
    const statuses: readonly number[] = [400, 500, 502]
    const outcomes = await Promise.all(
      statuses.map((status) =>
        send(
          createFakeWorld(() => status),
          { readAnswer },
        ),
      ),
    )
    expect(outcomes).toMatchObject([{ inDoubt: false }, { inDoubt: false }, { inDoubt: true }])
  })

  it('passes on what an accepted request lost and what the receiver warns of', async () => {
    const verdict: Verdict = { type: 'accepted', rejected: 3, warning: 'too old,\nkey s3cret' }
    expect(
      await send(
        createFakeWorld(() => 200),
        { readAnswer: () => verdict },
      ),
    ).toEqual({
      type: 'accepted',
      status: 200,
      rejected: 3,
      warning: 'too old, key [secret]',
    })
  })

  it('hands the exporter status, headers and body', async () => {
    const world = createFakeWorld(() => ({ status: 200, headers: { 'x-written': '7' }, body: 'yes' }))
    const seen: unknown[] = []
    await send(world, {
      readAnswer: ({ status, header, body }) => {
        seen.push(status, header('x-written'), header('x-other'), new TextDecoder().decode(body))
        return { type: 'accepted' }
      },
    })
    expect(seen).toEqual([200, '7', undefined, 'yes'])
  })

  it('takes an answer nobody understands for a request in doubt', async () => {
    const readAnswer = (): never => {
      throw new Error('BUG')
    }
    expect(
      await send(
        createFakeWorld(() => 200),
        { readAnswer },
      ),
    ).toMatchObject({
      type: 'retry',
      status: 200,
      inDoubt: true,
      detail: 'answer not understood: Error: BUG',
    })
  })

  it('gives up a request that is never answered', async () => {
    const outcome = await send(
      createFakeWorld(() => 204),
      { transport: never, timeoutMs: 1 },
    )
    expect(outcome).toMatchObject({ type: 'retry', cause: 'timeout', inDoubt: true })
  })

  it('shows neither a secret nor the address, and keeps no half of a secret at the end', async () => {
    const url = 'https://receiver.example/write?key=1'
    const broken: Transport = () => Promise.reject(new Error(`cannot reach ${url} with s3cret`))
    const world = createFakeWorld(() => ({ status: 400, body: `${'x'.repeat(197)}s3cret` }))
    expect(await send(world, { transport: broken, url })).toMatchObject({
      detail: 'Error: cannot reach [address] with [secret]',
    })
    expect(await send(world)).toMatchObject({ detail: `${'x'.repeat(197)}[se` })
  })
})

describe('prepare', () => {
  it('leaves the bytes as they are, and puts the credentials over the headers', async () => {
    const headers = { authorization: 'Bearer s3cret' }
    const request = requestOf({ headers: { 'content-type': 'text/csv', authorization: 'none' } })
    expect(await prepare(request, { ...credentials, headers })).toEqual({
      method: 'POST',
      url: 'https://receiver.example/write',
      headers: { 'content-type': 'text/csv', authorization: 'Bearer s3cret' },
      body: new Uint8Array([1, 2, 3]),
    })
  })

  it('compresses where it is asked to', async () => {
    const { headers, body } = await prepare(requestOf({ encoding: 'gzip' }), credentials)
    expect(headers).toHaveProperty('content-encoding', 'gzip')
    const plain = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
    expect(Array.from(new Uint8Array(await new Response(plain).arrayBuffer()))).toEqual([1, 2, 3])
  })
})
