import { expect, it } from 'vitest'
import { MAX_DRAINED_BYTES } from '../../../worker/http/read/body.ts'
import { withDrainedBody } from '../../../worker/http/with-drained-body.ts'
import { ask } from './ask.ts'

const CHUNK_BYTES = 65_536

/** A body of `length` bytes, and how many of them were read. */
function bodyOf(length: number): { readonly body: ReadableStream; readonly read: () => number } {
  let read = 0
  const pull = (controller: ReadableStreamDefaultController): void => {
    if (read === length) return controller.close()
    const bytes = Math.min(CHUNK_BYTES, length - read)
    read += bytes
    controller.enqueue(new Uint8Array(bytes))
  }
  return { body: new ReadableStream({ pull }, { highWaterMark: 0 }), read: () => read }
}

const requestOf = (body: ReadableStream | undefined): Request =>
  new Request('https://beacon.example.com/', { method: 'POST', ...(body && { body, duplex: 'half' }) })

it.each([
  [1, 1],
  [CHUNK_BYTES + 1, CHUNK_BYTES + 1],
  [MAX_DRAINED_BYTES, MAX_DRAINED_BYTES],
  [3 * MAX_DRAINED_BYTES, MAX_DRAINED_BYTES + CHUNK_BYTES],
])('of a body of %i bytes %i are read before the answer', async (length, expected) => {
  const { body, read } = bodyOf(length)
  expect(await withDrainedBody(requestOf(body), () => Promise.resolve('answer'))).toBe('answer')
  expect(read()).toBe(expected)
})

it('gives the answer to a request without a body, or with one that is read', async () => {
  const answer = (): Promise<string> => Promise.resolve('answer')
  expect(await withDrainedBody(requestOf(undefined), answer)).toBe('answer')
  const { body, read } = bodyOf(10)
  const request = requestOf(body)
  expect(await withDrainedBody(request, () => request.text().then(answer))).toBe('answer')
  expect(read()).toBe(10)
})

it.each([
  ['PUT', '/v1/beacon', 405],
  ['POST', '/v1/beacon', 413],
  ['PUT', '/v1/reports', 405],
  ['POST', '/metrics', 405],
  ['PUT', '/health', 405],
  ['POST', '/pharos.js', 405],
  ['PUT', '/v1/config', 401],
  ['POST', '/v1/status', 405],
  ['POST', '/nothing', 404],
])('%s %s reads the body it refuses', async (method, path, status) => {
  const { body, read } = bodyOf(200_000)
  const response = await ask(path, { method, body: body as never })
  expect(response.status).toBe(status)
  expect(read()).toBe(200_000)
})
