import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import type { Env } from '../../../worker/config/env.ts'
import { createWorker } from '../../../worker/create-worker.ts'
import { createFakeAggregator, type FakeAggregator } from './fake-aggregator.ts'
import { script } from './sample-script.ts'

export { script }

/** The usual worker: it knows what it has asked the aggregator of an earlier test. */
const shared = createWorker({ script })

export interface AskOptions {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly env: object
  readonly aggregator: FakeAggregator
  readonly worker: typeof shared
}

/** One request to the worker with all its routes, on an aggregator that records. */
export async function ask(path: string, options: Partial<AskOptions> = {}): Promise<Response> {
  const { method = 'GET', headers = {}, body, env = {}, aggregator = createFakeAggregator() } = options
  const { worker = shared } = options
  const context = createExecutionContext()
  const bindings = { AGGREGATOR: { getByName: () => aggregator }, ...env } as unknown as Env
  const request = new Request(`https://beacon.example.com${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  })
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, context)
  await waitOnExecutionContext(context)
  return response
}
