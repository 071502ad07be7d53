import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a page sent to the beacon route. */
export interface Received {
  readonly method: string
  readonly bytes: number
  /** The names of web vitals in it. */
  readonly vitals: readonly string[]
}

export interface Site {
  readonly port: number
  /** All requests to `/v1/beacon` since the last call. */
  readonly takeReceived: () => Received[]
  readonly close: () => void
}

const BEACON_PATH = '/v1/beacon'

/** As the edge answers. */
const ANSWER = {
  pharos: '1',
  'access-control-allow-origin': '*',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'pharos',
}

/** Serves `files` by path, with the port of the site in the place of `PORT`, and answers every beacon with 204. Nothing may be cached: each load is a first visit. */
export async function startSite(files: Readonly<Record<string, string>>): Promise<Site> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (path === BEACON_PATH) {
        const body = Buffer.concat(chunks)
        const vitals = body.toString().match(/web_vitals\.\w+/g) ?? []
        received.push({ method: request.method ?? '', bytes: body.length, vitals })
        response.writeHead(204, ANSWER).end()
        return
      }
      const file = files[path]?.replaceAll('PORT', String(request.socket.localPort))
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
      response
        .writeHead(file === undefined ? 404 : 200, { 'content-type': type, 'cache-control': 'no-store' })
        .end(file)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    takeReceived: () => received.splice(0),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
