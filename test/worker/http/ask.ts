import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import type { Env } from '../../../worker/config/env.ts'
import { createWorker } from '../../../worker/http/create-worker.ts'
import { createFakeAggregator, type FakeAggregator } from './fake-aggregator.ts'

export const script = { body: 'window.pharos={}', hash: '0123456789abcdef', integrity: 'sha384-x' }

const worker = createWorker({ script })

export interface AskOptions {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly env: object
  readonly aggregator: FakeAggregator
}

/** One request to the worker with all its routes, on an aggregator that records. */
export async function ask(path: string, options: Partial<AskOptions> = {}): Promise<Response> {
  const { method = 'GET', headers = {}, body, env = {}, aggregator = createFakeAggregator() } = options
  const context = createExecutionContext()
  const bindings = { ...env, AGGREGATOR: { getByName: () => aggregator } } as unknown as Env
  const request = new Request(`https://beacon.example.com${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  })
  const response = await worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, context)
  await waitOnExecutionContext(context)
  return response
}
