import { Agent, createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { listen } from './listen.ts'

/** What happens to the requests that come from now on. */
export type Fault =
  | { readonly kind: 'pass' }
  /** The connection is reset before anything is delivered. */
  | { readonly kind: 'down' }
  /** An answer of the proxy's own; nothing is delivered. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Delivered, but the answer is lost. */
  | { readonly kind: 'drop-answer' }
  /** Delivered so many times; the last answer is passed on. */
  | { readonly kind: 'duplicate'; readonly times: number }
  /** Delivered later. */
  | { readonly kind: 'delay'; readonly delayMs: number }

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer<ArrayBuffer>
  readonly fault: Fault['kind']
  /** How many times it reached the target. */
  readonly deliveries: number
  readonly timeMs: number
}

export interface FaultProxy {
  readonly url: string
  /** Every request that came, whatever happened to it. */
  readonly requests: readonly RecordedRequest[]
  readonly set: (fault: Fault) => void
  /** Passes from now on to another target. */
  readonly setTarget: (url: string) => void
  readonly close: () => Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * A proxy on loopback in front of `target`, through which a test breaks the network and sees what was sent.
 * @param meetsFaults Which requests a fault happens to; the others pass. Default: all.
 */
export async function startFaultProxy(
  target: string,
  meetsFaults: (request: IncomingMessage) => boolean = () => true,
): Promise<FaultProxy> {
  // No connection is used again: the target may close one in the moment in which a request sets out on it.
  const agent = new Agent()
  const requests: RecordedRequest[] = []
  let fault: Fault = { kind: 'pass' }
  let origin = target

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const now: Fault = meetsFaults(request) ? fault : { kind: 'pass' }
    const body = Buffer.from(await new Response(request as never).arrayBuffer())
    const { method = 'GET', url: path = '/', headers } = request
    const deliver = (): Promise<Answer> => forward({ agent, url: origin + path, method, headers, body })
    const record = (deliveries: number): void =>
      void requests.push({ method, path, headers, body, fault: now.kind, deliveries, timeMs: Date.now() })
    switch (now.kind) {
      case 'down':
        record(0)
        return void request.socket.resetAndDestroy()
      case 'status':
        record(0)
        return void response.writeHead(now.status, now.headers).end(now.body)
      case 'drop-answer':
        record(1)
        await deliver()
        return void request.socket.resetAndDestroy()
      case 'duplicate':
        record(now.times)
        for (let i = 1; i < now.times; i++) await deliver()
        return send(response, await deliver())
      case 'delay':
        record(1)
        await delay(now.delayMs)
        return send(response, await deliver())
      case 'pass':
        record(1)
        return send(response, await deliver())
    }
  }

  const server = createServer((request, response) => {
    // The target is gone: to the client that looks as if the network were.
    answer(request, response).catch(() => request.socket.resetAndDestroy())
  })
  return {
    url: await listen(server),
    requests,
    set: (next) => void (fault = next),
    setTarget: (url) => void (origin = url),
    close: async () => {
      agent.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const send = (response: ServerResponse, { status, headers, body }: Answer): void =>
  void response.writeHead(status, withoutHopByHop(headers)).end(body)

interface Forwarded {
  readonly agent: Agent
  readonly url: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

async function forward({ agent, url, method, headers, body }: Forwarded): Promise<Answer> {
  const { host: _, ...rest } = withoutHopByHop(headers)
  const onward = httpRequest(url, { agent, method, headers: { ...rest, 'content-length': body.length } })
  onward.end(body)
  const [response] = (await once(onward, 'response')) as [IncomingMessage]
  const answerBody = Buffer.from(await new Response(response as never).arrayBuffer())
  return { status: response.statusCode!, headers: response.headers, body: answerBody }
}

// They belong to one connection (RFC 9110, 7.6.1).
function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers
  return rest
}
