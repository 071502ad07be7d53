import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorkerd, type RunningWorkerd } from '../support/workerd.ts'

/** Requests as bytes on a socket: what `fetch` would repair or refuse to send. */

let worker: RunningWorkerd
beforeAll(async () => {
  worker = await startWorkerd({ config: { origins: ['https://shop.example.com'] } })
})
afterAll(() => worker.stop())

const shop = 'origin: https://shop.example.com'
const valid = JSON.stringify({
  v: 1,
  sent: 1_000,
  groups: [{ session: 'AAAAAAAAAAAAAAAA', resource: {}, batches: [[1, 900, [['clicks', 5]], []]] }],
})

interface Answer {
  readonly status: number
  readonly text: string
}

/** Sends bytes and reads until the other side closes. */
const exchange = (parts: readonly (string | Uint8Array)[]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const socket = connect(worker.port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')))
    // Who has the answer and writes on may do so until the other side has closed.
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', (error) => chunks.length || reject(error))
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    })
    for (const part of parts) socket.write(part)
  })

const request = (line: string, headers: readonly string[], body: string | Uint8Array = ''): Promise<Answer> => {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const head = [`${line} HTTP/1.1`, 'host: beacon.example.com', 'connection: close', `content-length: ${length}`]
  return exchange([`${[...head, ...headers].join('\r\n')}\r\n\r\n`, body])
}

const post = (body: string | Uint8Array, ...headers: readonly string[]): Promise<Answer> =>
  request('POST /v1/beacon', [shop, ...headers], body)

const chunked = (body: string, size: number): string => {
  const chunks = body.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  return `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
}

const postChunked = (body: string): Promise<Answer> =>
  exchange([
    `POST /v1/beacon HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${shop}\r\ntransfer-encoding: chunked\r\n\r\n`,
    chunked(body, 10_000),
  ])

describe('hostile requests', () => {
  it.each<[string, () => Promise<Answer>, number]>([
    ['a valid beacon', () => post(valid), 204],
    ['the same again', () => post(valid), 204],
    ['the same in chunks', () => postChunked(valid), 204],
    ['the same as gzip', () => post(gzipSync(valid), 'content-encoding: gzip'), 204],
    ['a query', () => request('POST /v1/beacon?a=%zz&b=/', [shop], valid), 204],
    ['a bad host', () => exchange([`POST /v1/beacon HTTP/1.1\r\nhost: a b:%\r\nconnection: close\r\n${shop}\r\ncontent-length: ${valid.length}\r\n\r\n${valid}`]), 204], // prettier-ignore
    ['no Origin where a list is set', () => request('POST /v1/beacon', [], valid), 403],
    ['Origin null', () => request('POST /v1/beacon', ['origin: null'], valid), 403],
    ['an Origin that only looks right', () => request('POST /v1/beacon', [`${shop}.evil.net`], valid), 403],
    ['OPTIONS', () => request('OPTIONS /v1/beacon', [shop]), 204],
    ['GET', () => request('GET /v1/beacon', []), 405],
    ['PUT', () => request('PUT /v1/beacon', [shop], valid), 405],
    ['another path', () => request('POST /v1/beacon/', [shop], valid), 404],
    ['a broken path', () => request('GET /%', []), 404],
    ['a path of broken UTF-8', () => request('GET /%ff%fe', []), 404],
    ['two slashes', () => request('GET //evil.example.com/v1/beacon', []), 404],
    ['dots', () => request('GET /../../etc/passwd', []), 404],
    ['no body', () => post(''), 400],
    ['bad JSON', () => post('{"v":1,'), 400],
    ['NaN', () => post('{"v":NaN}'), 400],
    ['bad UTF-8', () => post(new Uint8Array([0x22, 0xff, 0x22])), 400],
    ['null', () => post('null'), 422],
    ['an array', () => post('[]'), 422],
    ['30,000 nested arrays', () => post('['.repeat(30_000) + ']'.repeat(30_000)), 422],
    ['an infinite value', () => post(valid.replace('5]', '1e999]')), 204],
    ['a negative value', () => post(valid.replace('5]', '-5]')), 204],
    ['an infinite age', () => post(valid.replace('"sent":1000', '"sent":1e308').replace('900', '-1e308')), 422],
    ['__proto__ as attribute', () => post(valid.replace('5]', '5,{"__proto__":"x"}]')), 204],
    ['a lone surrogate', () => post(valid.replace('5]', '5,{"a":"\\ud800"}]')), 204],
    ['one byte too many', () => post(valid.padEnd(65_537)), 413],
    ['one byte too many, in chunks', () => postChunked(valid.padEnd(65_537)), 413],
    ['half a megabyte', () => post(valid.padEnd(500_000)), 413],
    ['a gzip bomb', () => post(gzipSync(new Uint8Array(50_000_000)), 'content-encoding: gzip'), 413],
    ['a cut gzip', () => post(gzipSync(valid).subarray(0, -4), 'content-encoding: gzip'), 400],
    ['a false gzip', () => post(valid, 'content-encoding: gzip'), 400],
    ['a false brotli', () => post(valid, 'content-encoding: br'), 415],
    ['two lengths', () => post(valid, 'content-length: 1'), 400],
    ['a token that is none', () => request('GET /metrics', ['authorization: Bearer \u00ff']), 200],
  ])('%s is answered', async (_, send, status) => {
    const answer = await send()
    expect(answer).toMatchObject({ status })
  })

  it.each<[string, () => Promise<Answer>]>([
    ['an acknowledgement', () => post(valid)],
    ['a refusal', () => post('null')],
    ['a preflight', () => request('OPTIONS /v1/beacon', [shop])],
    ['another method', () => request('GET /v1/beacon', [])],
  ])('%s has the mark, and pages may read it', async (_, send) => {
    const { text } = await send()
    expect(text).toMatch(/^pharos: 1\r$/im)
    expect(text).toMatch(/^access-control-expose-headers: pharos,/im)
  })

  it.each([100_000, 900_000])('%d bytes are answered, and not only reset', async (bytes) => {
    const { status } = await post(valid.padEnd(bytes))
    expect(status).toBe(413)
  })

  it.each([
    ['POST /v1/beacon/', 404],
    ['POST /pharos.fedcba9876543210.js', 405],
    ['PUT /health', 405],
    ['GET /health', 200],
    ['GET /metrics', 200],
    ['GET /pharos.js', 200],
    ['GET /v1/config', 401],
    ['POST /metrics', 405],
    ['POST /v1/status', 405],
  ])('%s with 900,000 bytes is answered with %i, and not only reset', async (line, status) => {
    expect(await request(line, [shop], new Uint8Array(900_000))).toMatchObject({ status })
  })

  // The worker reads MAX_DRAINED_BYTES and closes. A client that is still writing may then get a reset that overtakes the answer
  // (RFC 9112, 9.6). The count of refusals below shows that the worker refused it.
  it('5,000,000 bytes, more than is drained, are refused, by an answer or by a reset', async () => {
    const ended = await post(valid.padEnd(5_000_000)).then(
      ({ status }) => String(status),
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect(['413', 'ECONNRESET', 'EPIPE']).toContain(ended)
  })

  it('a beacon that breaks off is not counted, and the next is', async () => {
    const socket = connect(worker.port, '127.0.0.1')
    const head = `POST /v1/beacon HTTP/1.1\r\nhost: a\r\n${shop}\r\ncontent-length: ${valid.length}\r\n\r\n`
    socket.on('error', () => undefined).write(head + valid.slice(0, 50), () => socket.destroy())
    expect((await post(valid)).status).toBe(204)
  })

  it('leave the total as one valid beacon made it, and are counted by reason', async () => {
    const metrics = await (await fetch(`${worker.url}/metrics`)).text()
    expect(metrics).toContain('\nclicks_total 5\n')
    expect(metrics).toMatch(/^pharos_beacons_total\{outcome="refused_body_too_large"\} 7$/m)
    expect(metrics).not.toMatch(/constructor|__proto__/)
  })
})
