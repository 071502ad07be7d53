import type { DeliverContext } from '../context.ts'
import type { Transport } from '../transport.ts'

/** Series logged of one request; a last line says how many there are more. */
export const MAX_LOGGED_SERIES = 100

/** Logs the first series of a request of the console exporter, a line for each. */
export const createConsoleTransport =
  ({ log }: Pick<DeliverContext, 'log'>): Transport =>
  async ({ url, body }) => {
    const lines = new TextDecoder().decode(body).trimEnd().split('\n')
    for (const line of lines.slice(0, MAX_LOGGED_SERIES)) log(JSON.parse(line) as Record<string, unknown>)
    const more = lines.length - MAX_LOGGED_SERIES
    if (more > 0) log({ destination: decodeURIComponent(url.slice('console:'.length)), more })
    return { status: 200, header: () => undefined, body: new Uint8Array() }
  }
