import { describe, expect, it } from 'vitest'
import { pickTransport } from '../../../../worker/delivery/transports/pick.ts'
import { memoryTransport } from '../../../../worker/delivery/transports/memory.ts'
import { createFakeWorld, requestOf, utf8 } from '../fake-world.ts'

const { signal } = new AbortController()

describe('pickTransport', () => {
  it.each(['https://receiver.example/write', 'http://127.0.0.1:9/write'])('takes %s to the network', async (url) => {
    const world = createFakeWorld(() => 204)
    expect((await pickTransport(url, world)(requestOf({ url }), signal)).status).toBe(204)
    expect(world.calls.map((call) => call.url)).toEqual([url])
  })

  it('takes r2: to a bucket', async () => {
    const puts: unknown[] = []
    const put = async (key: string): Promise<never> => puts.push(key) as never
    const world = createFakeWorld(() => 204, { bucket: (name) => (name === 'FILES' ? { put } : undefined) })
    const url = 'r2://FILES/a/b.jsonl'
    expect((await pickTransport(url, world)(requestOf({ url }), signal)).status).toBe(200)
    expect(puts).toEqual(['a/b.jsonl'])
  })

  it('takes console: to the log', async () => {
    const world = createFakeWorld(() => 204)
    const body = utf8('{"name":"x"}\n')
    await pickTransport('console:', world)(requestOf({ url: 'console:', body }), signal)
    expect(world.lines).toHaveLength(1)
  })

  it('takes memory: to the memory', () => {
    expect(
      pickTransport(
        'memory:x',
        createFakeWorld(() => 204),
      ),
    ).toBe(memoryTransport)
  })

  it.each(['ftp://receiver.example', 'receiver'])('carries nothing to %s', async (url) => {
    const world = createFakeWorld(() => 204)
    await expect(pickTransport(url, world)(requestOf({ url }), signal)).rejects.toThrow('nothing carries')
    expect(world.calls).toEqual([])
  })
})
