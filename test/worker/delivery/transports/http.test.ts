import { describe, expect, it } from 'vitest'
import { createHttpTransport } from '../../../../worker/delivery/transports/http.ts'
import { createFakeWorld, requestOf } from '../fake-world.ts'

describe('createHttpTransport', () => {
  it('sends bytes and headers as they are, follows no redirect, and can be stopped', async () => {
    const world = createFakeWorld(() => 307)
    const { signal } = new AbortController()
    const { status } = await createHttpTransport(world)(requestOf(), signal)
    expect(status).toBe(307)
    const [{ url, init, body }] = world.calls as [(typeof world.calls)[number]]
    expect(url).toBe('https://receiver.example/write')
    expect(init).toMatchObject({
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-protobuf' },
    })
    expect(init.signal).toBe(signal)
    expect(Array.from(body)).toEqual([1, 2, 3])
  })

  it('reads the answer', async () => {
    const world = createFakeWorld(() => ({ status: 400, headers: { 'retry-after': '7' }, body: 'no' }))
    const answer = await createHttpTransport(world)(requestOf(), new AbortController().signal)
    expect([answer.status, answer.header('retry-after'), answer.header('other')]).toEqual([400, '7', undefined])
    expect(new TextDecoder().decode(answer.body)).toBe('no')
  })

  it('rejects when there is no answer', async () => {
    const world = createFakeWorld(() => 'broken')
    const carried = createHttpTransport(world)(requestOf(), new AbortController().signal)
    await expect(carried).rejects.toThrow('connection lost')
  })
})
