import { retryAfterMs } from '../../src/protocol/backoff.ts'
import type { Exporter, ExportRequest } from '../types.ts'
import type { SendOutcome } from './outcome.ts'
import { drainBody } from './drain-body.ts'

/** Sends one request. Never rejects: a failure is an outcome. */
export type Sender = (request: ExportRequest) => Promise<SendOutcome>

export interface SenderOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly now: () => number
  readonly outcome: Exporter['outcome']
  /** For one request and its answer, ms. */
  readonly timeoutMs: number
  /** Sent as it is, and kept out of every detail. */
  readonly bearerToken: string | undefined
}

/** One request, one answer: no retry here. Redirects are not followed: they would carry the token to another host. */
export const createSender =
  ({ fetch, now, outcome, timeoutMs, bearerToken }: SenderOptions): Sender =>
  async (request) => {
    const redact = (text: string): string => (bearerToken ? text.replaceAll(bearerToken, '[secret]') : text)
    try {
      const { method, url, body, encoding } = request
      const headers = {
        ...request.headers,
        ...(encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
        ...(bearerToken ? { authorization: `Bearer ${bearerToken}` } : {}),
      }
      const response = await fetch(url, {
        method,
        headers,
        body: encoding === 'gzip' ? await gzip(body) : body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const detail = redact(await drainBody(response))
      const { status } = response
      const type = outcome(status)
      if (type === 'accepted') return { type }
      if (type === 'refused') return { type, status, detail }
      const afterMs = retryAfterMs(response.headers.get('retry-after'), now())
      return { type, status, detail, ...(afterMs === undefined ? {} : { afterMs }) }
    } catch (error) {
      return { type: 'retry', detail: redact(String(error)) }
    }
  }

async function gzip(body: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return new Response(new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
}
