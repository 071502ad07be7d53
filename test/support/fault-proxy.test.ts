import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { startFaultProxy } from './fault-proxy.ts'
import type { Fault } from './fault-proxy.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

interface Rig {
  readonly bodies: readonly string[]
  readonly post: () => Promise<number | 'reset'>
}

const setUp = async (fault: Fault, meetsFaults?: Parameters<typeof startFaultProxy>[1]): Promise<Rig> => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        bodies.push(body)
        response.writeHead(204).end()
      })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, meetsFaults)
  closers.push(proxy.close, () => server.close())
  proxy.set(fault)
  const post = (): Promise<number | 'reset'> =>
    fetch(`${proxy.url}/x`, { method: 'POST', body: 'hello' }).then(
      ({ status }) => status,
      () => 'reset',
    )
  return { bodies, post }
}

it.each<[Fault, number | 'reset', number]>([
  [{ kind: 'pass' }, 204, 1],
  [{ kind: 'down' }, 'reset', 0],
  [{ kind: 'status', status: 503, headers: { 'retry-after': '1' } }, 503, 0],
  [{ kind: 'drop-answer' }, 'reset', 1],
  [{ kind: 'duplicate', times: 3 }, 204, 3],
  [{ kind: 'delay', delayMs: 1 }, 204, 1],
])('%o answers %s and delivers %i times', async (fault, answer, deliveries) => {
  const { bodies, post } = await setUp(fault)
  expect(await post()).toBe(answer)
  expect(bodies).toEqual(Array<string>(deliveries).fill('hello'))
})

it('passes a request that is not to meet faults', async () => {
  const { bodies, post } = await setUp({ kind: 'down' }, ({ method }) => method !== 'POST')
  expect(await post()).toBe(204)
  expect(bodies).toEqual(['hello'])
})
