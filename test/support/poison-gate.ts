import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withoutCoding } from './content-coding.ts'

export interface PoisonGate {
  readonly url: string
  /** How many requests it refused. */
  readonly refused: () => number
  readonly close: () => Promise<void>
}

/** A receiver that answers 400 to every request in which `poison` stands, compressed or not, and stores nothing of it; `target` takes the rest. */
export async function startPoisonGate(target: string, poison: string): Promise<PoisonGate> {
  let refused = 0
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const body = await bodyOf(request)
      if (withoutCoding(body, request.headers).includes(poison)) {
        refused++
        return void response.writeHead(400).end(`this receiver does not take ${poison}`)
      }
      const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
      const init = { method: request.method!, headers: headers as Record<string, string> }
      const onward = await fetch(target + request.url!, { ...init, body: new Uint8Array(body) })
      const own = [...onward.headers].filter(([name]) => !/^(connection|keep-alive|transfer-encoding|content-(length|encoding))$/.test(name)) // prettier-ignore
      response.writeHead(onward.status, Object.fromEntries(own)).end(Buffer.from(await onward.arrayBuffer()))
    }
    answer().catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The whole body of a request. */
export const bodyOf = async (request: IncomingMessage): Promise<Buffer<ArrayBuffer>> =>
  Buffer.from(await new Response(request as never).arrayBuffer())
