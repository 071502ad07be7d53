import { retryAfterMs } from '../../src/protocol/backoff.ts'
import type { Answer, Exporter, ExportRequest } from '../model/types.ts'
import type { Credentials } from './credentials.ts'
import { leavesDoubt, type SendOutcome } from './outcome.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

/** Sends one request, with its retries. Never rejects: a failure is an outcome. */
export type Send = (request: ExportRequest) => Promise<SendOutcome>

/** A request that is ready to go out. */
export interface Attempt {
  readonly request: ExportRequest
  readonly outgoing: OutgoingRequest
  /** 1 for the first. */
  readonly number: number
}

/** Sends a request once. Never rejects. */
export type SendOnce = (attempt: Attempt) => Promise<SendOutcome>

export interface SendOnceOptions {
  readonly transport: Transport
  readonly now: () => number
  readonly readAnswer: Exporter['readAnswer']
  /** How long one request and its answer may take, ms. */
  readonly timeoutMs: number
  readonly redact: Credentials['redact']
}

/** Characters of an answer that are kept for the operator. */
const MAX_DETAIL_LENGTH = 200

/** Applies the coding and the credentials. */
export async function prepare(request: ExportRequest, { headers }: Credentials): Promise<OutgoingRequest> {
  const { method, url, body, encoding } = request
  const coding = encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {}
  return {
    method,
    url,
    headers: { ...request.headers, ...coding, ...headers },
    body: encoding === 'gzip' ? await gzip(body) : body,
  }
}

/** One request, one answer, no retry. */
export function createSendOnce({ transport, now, readAnswer, timeoutMs, redact }: SendOnceOptions): SendOnce {
  const outcomeOf = (answer: Answer, clean: (text: string) => string): SendOutcome => {
    const { status } = answer
    const verdict = readAnswer(answer)
    if (verdict.type === 'accepted')
      return { ...verdict, status, ...(verdict.warning === undefined ? {} : { warning: clean(verdict.warning) }) }
    const detail = clean(new TextDecoder().decode(answer.body))
    if (verdict.type === 'unsupported') return { type: verdict.type, status, detail }
    const facts = { status, detail, inDoubt: leavesDoubt(status) }
    if (verdict.type === 'refused') return { type: verdict.type, ...facts }
    const afterMs = retryAfterMs(answer.header('retry-after') ?? null, now())
    return { type: verdict.type, ...facts, ...(afterMs === undefined ? {} : { afterMs }) }
  }

  return async ({ outgoing }) => {
    // Neither a secret nor the address: a query may hold a key.
    const clean = (text: string): string => oneLine(redact(text.replaceAll(outgoing.url, '[address]')))
    // AbortSignal.timeout cannot be cleared, and keeps the object awake until it fires, long after the answer
    // (https://github.com/cloudflare/workerd/issues/4936).
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(new Error(`timed out after ${timeoutMs} ms`)), timeoutMs)
    let answer: Answer
    try {
      answer = await transport(outgoing, timeout.signal)
    } catch (error) {
      const cause = timeout.signal.aborted ? 'timeout' : 'no_answer'
      return { type: 'retry', cause, detail: clean(String(error)), inDoubt: true }
    } finally {
      clearTimeout(timer)
    }
    try {
      return outcomeOf(answer, clean)
    } catch (error) {
      return {
        type: 'retry',
        status: answer.status,
        detail: clean(`answer not understood: ${String(error)}`),
        inDoubt: true,
      }
    }
  }
}

const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL_LENGTH)

async function gzip(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
