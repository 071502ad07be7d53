import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { send } from '../../../src/core/send.ts'
import { createReader } from '../../../src/courier/answer.ts'
import { entryOf } from './batches.ts'

const said = vi.fn<(...message: unknown[]) => void>()
beforeEach(() => {
  said.mockReset()
  vi.spyOn(console, 'warn').mockImplementation(said)
})
afterEach(() => vi.restoreAllMocks())

/** What a real server answers, by the path it is asked for. */
describe('over a real connection', () => {
  let server: Server
  let url: string
  let seen: { headers: IncomingHttpHeaders; body: string; method: string | undefined }

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks = await request.toArray()
      seen = { headers: request.headers, body: Buffer.concat(chunks).toString(), method: request.method }
      const { pathname, searchParams } = new URL(request.url!, 'http://server.test')
      const mark = searchParams.has('stranger') ? {} : { pharos: '1' }
      if (pathname === '/gone') request.socket.destroy()
      else if (pathname === '/cut') {
        response.writeHead(204 + 296, { ...mark, 'content-length': 1_000 }).write('{')
        response.socket!.destroySoon()
      } else if (pathname === '/moved') response.writeHead(302, { ...mark, location: '/ok' }).end()
      else if (pathname === '/ok') response.writeHead(204, { ...mark, 'pharos-settings': '{"enabled":false}' }).end()
      else response.writeHead(503, { ...mark, 'retry-after': decodeURIComponent(pathname.slice(1)) }).end('busy')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })

  const ask = (path: string) => createReader(url)(() => send(url + path, [entryOf(1)]))

  it('sends text that needs no preflight, and no cookie', async () => {
    await ask('/ok')
    expect(seen).toMatchObject({ method: 'POST', headers: { 'content-type': 'text/plain;charset=UTF-8' } })
    expect(JSON.parse(seen.body)).toMatchObject({ v: 1, groups: [{ batches: [[1, 0, [['clicks', 1]], []]] }] })
  })

  it('gives what the edge tells pages', async () => {
    expect(await ask('/ok')).toMatchObject({ verdict: 'acknowledged', settings: '{"enabled":false}' })
  })

  it.each(['/gone', '/cut'])('%s is no answer, wherever it ends', async (path) => {
    expect(await ask(path)).toEqual({ verdict: 'retry', reason: 'network' })
    // By the development build.
    for (const [text] of said.mock.calls) expect(text).toMatch(/^pharos: no answer came from /)
  })

  it('a redirect is no answer, even where it ends at Pharos: the body may be lost on the way', async () => {
    expect(await ask('/moved')).toEqual({ verdict: 'retry', reason: 'not_pharos' })
    expect(seen.method).toBe('GET')
  })

  it.each([
    ['120', 120_000],
    ['99999999', 86_400_000],
    ['0', undefined],
    ['-5', undefined],
    ['', undefined],
    // A page with a wrong clock would misread a date.
    ['Fri, 31 Dec 2027 23:59:59 GMT', undefined],
    ['soon', undefined],
  ])('Retry-After %j of the edge, whose body is no problem document: wait %s ms', async (retryAfter, waitMs) => {
    const answer = await ask(`/${encodeURIComponent(retryAfter)}`)
    expect(answer).toMatchObject({ verdict: 'retry', reason: 'http_503' })
    expect(answer.waitMs).toBe(waitMs)
  })

  it('a stranger asks for nothing: no wait and no settings', async () => {
    const stranger = { verdict: 'retry', reason: 'not_pharos' }
    expect(await ask('/120?stranger')).toEqual(stranger)
    expect(await ask('/ok?stranger')).toEqual(stranger)
    expect(said.mock.calls.map((message) => message.join(' '))).toContain(
      `pharos: answered by something that is not Pharos: ${url} 204`,
    )
  })
})

it('names a stranger once', async () => {
  const read = createReader('https://edge.test/v1/beacon')
  for (let i = 0; i < 3; i++) await read(async () => new Response('', { status: 404 }))
  const named = said.mock.calls.filter((message) => message.join(' ').includes('is not Pharos: https'))
  expect(named).toEqual([['pharos:', 'answered by something that is not Pharos: https://edge.test/v1/beacon 404']])
})

it.each<[string, () => Promise<Response | undefined>]>([
  [
    'throws at once',
    () => {
      throw new TypeError('over budget')
    },
  ],
  ['rejects', () => Promise.reject(new TypeError('down'))],
  ['gives nothing', async () => undefined],
  ['gives something else', async () => ({}) as Response],
])('a fetch that %s is no answer', async (_, ask) => {
  expect(await createReader('https://edge.test/')(ask)).toEqual({ verdict: 'retry', reason: 'network' })
})

it.each(['', 'null', '7', '"bad_json"', '{', '[]', '{"reason":7}', '{"reason":"of_the_future"}'])(
  'a 400 of the edge with the body %s is not final',
  async (body) => {
    const answer = await createReader('https://edge.test/')(
      async () => new Response(body, { status: 400, headers: { pharos: '1' } }),
    )
    expect(answer).toMatchObject({ verdict: 'retry', reason: 'http_400' })
  },
)

it('reads the answer also in a page whose setTimeout throws', async () => {
  vi.stubGlobal('setTimeout', () => {
    throw new Error('no')
  })
  const answer = await createReader('https://edge.test/')(
    async () => new Response(null, { status: 204, headers: { pharos: '1' } }),
  )
  vi.unstubAllGlobals()
  expect(answer.verdict).toBe('acknowledged')
})
