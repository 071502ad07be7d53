import type { DeliverContext, DeliveryConfig } from './context.ts'
import type { Credentials } from './credentials.ts'
import { describe, type SendOutcome } from './outcome.ts'
import type { Attempt } from './send-once.ts'

/** Characters of a text body that are logged. */
const MAX_TEXT_LENGTH = 4_000

/** Bytes of any other body that are logged. */
const MAX_BINARY_BYTES = 1_500

export type Trace = (attempt: Attempt, outcome: SendOutcome, ms: number) => void

export interface TraceOptions {
  readonly destination: string
  readonly debug: DeliveryConfig['debug']
  readonly log: DeliverContext['log']
  readonly redact: Credentials['redact']
}

/** The output of `debug`: a line for each try; with 'payloads' its body too. No headers, no query, no secret. */
export function createTrace({ destination, debug, log, redact }: TraceOptions): Trace {
  if (debug === 'off') return () => undefined
  return (attempt, outcome, ms) => {
    const { request, outgoing, number } = attempt
    const body = debug === 'payloads' ? { body: bodyText(attempt, redact) } : {}
    try {
      log({
        message: 'export',
        destination,
        method: outgoing.method,
        address: redact(addressOf(outgoing.url)),
        bytes: outgoing.body.byteLength,
        series: request.keys.length,
        outcome: outcome.type,
        ...(outcome.status === undefined ? {} : { status: outcome.status }),
        ...(outcome.type === 'accepted' ? {} : { error: describe(outcome) }),
        ms,
        try: number,
        ...body,
      })
    } catch {
      // A request that was stored must not look lost because the log failed.
    }
  }
}

function addressOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.host}${parsed.pathname}` : ''
}

/** The body before compression where it is text, else its beginning as base64. */
function bodyText({ request }: Attempt, redact: Credentials['redact']): string {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = request.headers
  if (coding === 'identity' && /json|text|csv/.test(type))
    return redact(new TextDecoder().decode(request.body.subarray(0, 4 * MAX_TEXT_LENGTH))).slice(0, MAX_TEXT_LENGTH)
  return btoa(String.fromCharCode(...request.body.subarray(0, MAX_BINARY_BYTES)))
}
