import { once } from 'node:events'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { listen } from './listen.ts'

export interface FrontAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string | Buffer
}

/** Undefined: the connection is reset. */
type MaybeAnswer = FrontAnswer | undefined

/** What stands between a page and its worker. It may ask the worker by `pass`, or answer in its place. */
export type Between = (pass: () => Promise<FrontAnswer>) => Promise<MaybeAnswer> | MaybeAnswer

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * An origin with pages, and a worker behind it. The worker is asked under the name of the front, so that pages of the front are pages
 * of the worker's own origin.
 */
export interface Front {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string
  /** Every request that came, in order. */
  readonly requests: readonly SeenRequest[]
  /** Sets a page, and headers that it is served with. */
  readonly setPage: (path: string, html: string, headers?: Readonly<Record<string, string>>) => void
  /** Where everything that is no page goes. Before, it is not found. */
  readonly setWorker: (url: string) => void
  /** What happens to beacons from now on. */
  readonly meetBeacons: (between: Between) => void
  /** What happens to everything but pages, the files of the script included, from now on. */
  readonly meetAll: (between: Between) => void
  readonly close: () => Promise<void>
}

/** Lets everything through. */
export const passing: Between = (pass) => pass()

/** Resets every connection. */
export const down: Between = () => undefined

/** On a free loopback port. */
export async function startFront(): Promise<Front> {
  // No connection is used again: the worker may close one in the moment in which a request sets out on it.
  const agent = new Agent()
  const requests: SeenRequest[] = []
  const pages = new Map<string, FrontAnswer>()
  let worker: string | undefined
  let meet: (path: string) => Between = () => passing

  const answer = async (request: IncomingMessage, body: Buffer): Promise<MaybeAnswer> => {
    const { method = 'GET', url: path = '/', headers } = request
    requests.push({ method, path, headers, body })
    const page = pages.get(new URL(path, 'http://front').pathname)
    if (page) return page
    return meet(path)(async () =>
      worker === undefined
        ? { status: 404, headers: {}, body: '' }
        : forward(httpRequest(worker + path, { agent, method, headers }), body),
    )
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = await answer(request, Buffer.from(await new Response(request as never).arrayBuffer()))
    if (given) response.writeHead(given.status, given.headers).end(given.body)
    else request.socket.resetAndDestroy()
  }

  const server = createServer((request, response) => {
    // The worker is gone: to the page that looks as if the network were.
    respond(request, response).catch(() => request.socket.resetAndDestroy())
  })
  return {
    url: await listen(server),
    requests,
    setPage: (path, body, headers = {}) =>
      void pages.set(path, { status: 200, headers: { 'content-type': 'text/html;charset=UTF-8', ...headers }, body }),
    setWorker: (url) => void (worker = url),
    meetBeacons: (between) => void (meet = (path) => (path === '/v1/beacon' ? between : passing)),
    meetAll: (between) => void (meet = () => between),
    close: async () => {
      agent.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function forward(onward: ReturnType<typeof httpRequest>, sent: Buffer): Promise<FrontAnswer> {
  onward.end(sent)
  const [response] = (await once(onward, 'response')) as [IncomingMessage]
  const body = Buffer.from(await new Response(response as never).arrayBuffer())
  // They belong to one connection (RFC 9110, 7.6.1).
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...headers } = response.headers
  return { status: response.statusCode!, headers, body }
}
