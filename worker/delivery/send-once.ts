import { retryAfterMs } from '../../src/protocol/backoff.ts'
import type { Answer, Exporter, ExportRequest } from '../model/types.ts'
import type { Credentials } from './credentials.ts'
import { leavesDoubt, type SendOutcome } from './outcome.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

/** Sends one request. Never rejects: a failure is an outcome. */
export type Sender = (request: ExportRequest) => Promise<SendOutcome>

/** A request ready to go out for the `attempt`th time, 1 for the first. */
export interface Parcel {
  readonly request: ExportRequest
  readonly outgoing: OutgoingRequest
  readonly attempt: number
}

/** One try of a request. Never rejects. */
export type Carrier = (parcel: Parcel) => Promise<SendOutcome>

export interface CarrierOptions {
  readonly transport: Transport
  readonly now: () => number
  readonly readAnswer: Exporter['readAnswer']
  /** For one request and its answer, ms. */
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

/** One request, one answer: no retry here. */
export function createCarrier({ transport, now, readAnswer, timeoutMs, redact }: CarrierOptions): Carrier {
  const outcomeOf = (answer: Answer, clean: (text: string) => string): SendOutcome => {
    const { status } = answer
    const verdict = readAnswer(answer)
    if (verdict.type === 'accepted')
      return { ...verdict, status, ...(verdict.warning === undefined ? {} : { warning: clean(verdict.warning) }) }
    const detail = clean(new TextDecoder().decode(answer.body))
    if (verdict.type === 'unsupported') return { type: verdict.type, status, detail }
    const told = { status, detail, inDoubt: leavesDoubt(status) }
    if (verdict.type === 'refused') return { type: verdict.type, ...told }
    const afterMs = retryAfterMs(answer.header('retry-after') ?? null, now())
    return { type: verdict.type, ...told, ...(afterMs === undefined ? {} : { afterMs }) }
  }

  return async ({ outgoing }) => {
    // Neither a secret nor the address: a query may hold a key.
    const clean = (text: string): string => oneLine(redact(text.replaceAll(outgoing.url, '[address]')))
    // Not AbortSignal.timeout: its timer outlives the request, and a worker may have only so many.
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
