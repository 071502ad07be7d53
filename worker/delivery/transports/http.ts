import type { DeliverContext } from '../context.ts'
import type { Transport } from '../transport.ts'
import { readAnswerBody } from './read-answer-body.ts'

/** The network. Redirects are not followed: they would carry the credentials to another host. */
export function createHttpTransport({ fetch }: Pick<DeliverContext, 'fetch'>): Transport {
  return async ({ method, url, headers, body }, signal) => {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal })
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: await readAnswerBody(response),
    }
  }
}
