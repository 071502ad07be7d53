import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createR2Transport } from '../../../../worker/delivery/transports/r2.ts'
import type { OutgoingRequest } from '../../../../worker/delivery/transport.ts'
import { encodeUtf8 } from '../../../../worker/destinations/shared/utf8.ts'

const { ARCHIVE } = env as unknown as { ARCHIVE: R2Bucket }
const transport = createR2Transport({ bucket: (name) => (name === 'ARCHIVE' ? ARCHIVE : undefined) })
const never = new AbortController().signal

const put = (url: string, text: string, headers: OutgoingRequest['headers'] = {}): OutgoingRequest => ({
  method: 'PUT',
  url,
  headers,
  body: encodeUtf8(text),
})

const brokenTransport = (put: () => Promise<never>): ReturnType<typeof createR2Transport> =>
  createR2Transport({ bucket: () => ({ put }) })

describe('a real bucket', () => {
  it('keeps the bytes under the key, with their type', async () => {
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' }
    expect(await transport(put('r2://ARCHIVE/a%20b/%C3%A9%23%3F%25.csv', 'x,y', headers), never)).toMatchObject({
      status: 200,
    })
    const object = await ARCHIVE.get('a b/é#?%.csv')
    expect(await object!.text()).toBe('x,y')
    expect(object!.httpMetadata).toEqual({ contentType: 'text/csv' })
  })

  it('has one object after the same request twice', async () => {
    for (const text of ['old', 'new', 'new']) await transport(put('r2://ARCHIVE/twice/one', text), never)
    const { objects } = await ARCHIVE.list({ prefix: 'twice/' })
    expect(objects.map(({ key }) => key)).toEqual(['twice/one'])
    expect(await (await ARCHIVE.get('twice/one'))!.text()).toBe('new')
  })

  it('gives no answer for a key that R2 does not take', async () => {
    await expect(transport(put(`r2://ARCHIVE/${'k'.repeat(1_025)}`, ''), never)).rejects.toThrow(/key|name/i)
  })
})

it('refuses for a bucket that is not bound, and says which', async () => {
  const { status, body } = await transport(put('r2://LAKE/a', ''), never)
  expect([status, new TextDecoder().decode(body)]).toEqual([404, 'no R2 bucket is bound as LAKE'])
})

it('gives no answer when R2 fails', async () => {
  const failing = brokenTransport(async () => Promise.reject(new Error('put: internal error (10001)')))
  await expect(failing(put('r2://ARCHIVE/a', ''), never)).rejects.toThrow('10001')
})

it('waits no longer than it is told', async () => {
  const hanging = brokenTransport(() => new Promise(() => {}))
  const controller = new AbortController()
  const answer = hanging(put('r2://ARCHIVE/a', ''), controller.signal)
  controller.abort(new Error('too late'))
  await expect(answer).rejects.toThrow('too late')
  await expect(transport(put('r2://ARCHIVE/late', ''), controller.signal)).rejects.toThrow('too late')
  expect(await ARCHIVE.head('late')).toBeNull()
})
