import type { DeliverContext } from '../context.ts'
import type { Transport } from '../transport.ts'

/** Logs the lines of a request of the console exporter: one for each series. */
export function createConsoleTransport(context: Pick<DeliverContext, 'log'>): Transport {
  return async ({ body }) => {
    for (const line of new TextDecoder().decode(body).split('\n'))
      if (line !== '') context.log(JSON.parse(line) as Record<string, unknown>)
    return { status: 200, header: () => undefined, body: new Uint8Array() }
  }
}
