import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { readUntil } from '../../test/support/until.ts'
import type { Plan } from './plan.ts'

/** A body that arrived whole. */
export interface Arrival {
  /** What the page calls it, such as `fetch@hidden 0`. */
  readonly label: string
  readonly bytes: number
  readonly headers: IncomingHttpHeaders
}

/** A page that the station serves. */
export interface Planned {
  readonly url: string
  readonly arrivals: readonly Arrival[]
}

export interface Station {
  /** The origin of the pages. */
  readonly site: string
  /** The same host at another port: another origin, and the same site. */
  readonly otherPort: string
  /** The other port under another host name: another site. */
  readonly otherSite: string
  readonly add: (plan: Plan) => Planned
  readonly close: () => void
}

/** The longest wait for what may never arrive, ms. */
const PATIENCE_MS = 3_000

/** Serves the pages of plans and takes what they send. A POST to `/?ms=200` is answered after 200 ms. */
export async function startStation(script: string): Promise<Station> {
  const plans: { readonly plan: Plan; readonly arrivals: Arrival[] }[] = []

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    const [, number, label = ''] = /^(\d+) (.+?)\|/.exec(body) ?? []
    plans[Number(number)]?.arrivals.push({ label, bytes: body.length, headers: request.headers })
    await delay(Number(new URL(request.url!, 'http://station').searchParams.get('ms')))
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end()
  }

  const show = (request: IncomingMessage, response: ServerResponse): void => {
    const number = Number(/^\/page\/(\d+)$/.exec(request.url!)?.[1])
    const planned = plans[number]
    response.writeHead(200, { 'content-type': 'text/html;charset=UTF-8', ...(planned?.plan.headers as object) })
    response.end(planned ? html(planned.plan, number, script) : '<!doctype html><title>Elsewhere</title>')
  }

  const servers = await Promise.all(
    [0, 1].map(() =>
      listen((request, response) =>
        // A page that dies in the middle of a body ends its request too.
        request.method === 'POST' ? void take(request, response).catch(() => {}) : show(request, response),
      ),
    ),
  )
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port)
  return {
    site: `http://localhost:${first}`,
    otherPort: `http://localhost:${second}`,
    otherSite: `http://127.0.0.1:${second}`,
    add: (plan) => {
      const arrivals: Arrival[] = []
      const number = plans.push({ plan, arrivals }) - 1
      return { url: `http://localhost:${first}/page/${number}`, arrivals }
    },
    close: () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

/** Waits for as many bodies; returns what has come by then. */
export const arrived = async ({ arrivals }: Planned, bodies: number): Promise<readonly Arrival[]> => {
  await readUntil(
    () => arrivals.length,
    (count) => count >= bodies,
    PATIENCE_MS,
  )
  return arrivals
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const html = (plan: Plan, number: number, script: string): string => `<!doctype html><html lang="en">
<meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">
<script>planned = ${JSON.stringify({ plan, number, log: [], isRestored: false })}
${script}</script><p>Page`
