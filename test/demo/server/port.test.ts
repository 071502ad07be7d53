import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSocketServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, it } from 'vitest'
import { inspectPort } from '../../../demo/server/port.ts'
import { freePort } from '../../support/processes.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(host: string, server: Server): Promise<number> {
  const port = await freePort()
  servers.push(server.listen(port, host))
  await once(server, 'listening')
  return port
}

const web = (answer: RequestListener): Server => createServer(answer)

it('a port that nobody listens on is free, and stays free', async () => {
  const port = await freePort()
  expect(await inspectPort(port)).toBe('free')
  expect(await inspectPort(port)).toBe('free')
})

it.each<[string, Server]>([
  ['answers every path with a page', web((_request, response) => response.end('<html>'))],
  ['says that it is healthy', web((_request, response) => response.end('{"status":"ok"}'))],
  ['never answers', createSocketServer()],
])('another program that %s is not Pharos', async (_name, server) => {
  expect(await inspectPort(await listen('127.0.0.1', server))).toBe('program')
})

const pharos = (): Server => web((_request, response) => response.setHeader('pharos-integrity', 'sha384-x').end())

it.each(['127.0.0.1', '0.0.0.0'])('knows another Pharos on %s', async (host) => {
  expect(await inspectPort(await listen(host, pharos()))).toBe('pharos')
})

it('sees who listens on ::1 alone, where a browser may look first', async ({ skip }) => {
  const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
  if (!hasIpv6) skip('this machine has no ::1')
  expect(await inspectPort(await listen('::1', pharos()))).toBe('pharos')
})
