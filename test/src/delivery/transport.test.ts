import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post, requestInit, verdictOn } from '../../../src/delivery/transport.ts'

describe('verdictOn', () => {
  it.each([
    [200, 'acknowledged'],
    [204, 'acknowledged'],
    [0, 'retry'],
    [304, 'rejected'],
    [400, 'split'],
    [401, 'rejected'],
    [403, 'rejected'],
    [404, 'rejected'],
    [408, 'retry'],
    [413, 'split'],
    [422, 'split'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('%i: %s', (status, verdict) => {
    expect(verdictOn(status)).toBe(verdict)
  })
})

describe('post', () => {
  let server: Server
  let url: string
  let seen: { headers: IncomingHttpHeaders; body: string } | undefined

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks = await request.toArray()
      seen = { headers: request.headers, body: Buffer.concat(chunks).toString() }
      const retryAfter = decodeURIComponent(request.url!.slice(1))
      if (request.url === '/gone') request.socket.destroy()
      else if (request.url === '/moved') response.writeHead(302, { location: '/settings' }).end()
      else if (request.url === '/settings') response.writeHead(204, { 'pharos-settings': '{"enabled":false}' }).end()
      else response.writeHead(503, { 'retry-after': retryAfter }).end('busy')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })

  it('takes no redirect for an acknowledgement, wherever it ends', async () => {
    expect(await post(`${url}/moved`, '{}', fetch)).toEqual({ status: 0 })
  })

  it('gives the status and Retry-After, and sends what needs no preflight', async () => {
    expect(await post(`${url}/7`, '{"é":1}', fetch)).toEqual({ status: 503, waitMs: 7_000, settings: null })
    expect(seen).toMatchObject({ body: '{"é":1}', headers: { 'content-type': 'text/plain;charset=UTF-8' } })
    expect(requestInit('')).toMatchObject({ keepalive: true, credentials: 'omit', method: 'POST' })
  })

  it.each([
    ['0', undefined],
    ['120', 120_000],
    ['99999999', 86_400_000],
    ['Fri, 31 Dec 2027 23:59:59 GMT', undefined],
    ['soon', undefined],
  ])('Retry-After: %s', async (retryAfter, waitMs) => {
    expect(await post(`${url}/${encodeURIComponent(retryAfter)}`, '', fetch)).toEqual({
      status: 503,
      waitMs,
      settings: null,
    })
  })

  it('gives what the edge tells pages', async () => {
    const settings = '{"enabled":false}'
    expect(await post(`${url}/settings`, '', fetch)).toEqual({ status: 204, waitMs: undefined, settings })
  })

  it('no answer is status 0', async () => {
    expect(await post(`${url}/gone`, '', fetch)).toEqual({ status: 0 })
  })

  it('a fetch that throws at once is no answer', async () => {
    const throwing = () => {
      throw new TypeError('over budget')
    }
    expect(await post(url, '', throwing)).toEqual({ status: 0 })
  })
})
