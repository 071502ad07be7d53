import type { EnvelopeError } from '../../src/protocol/decode.ts'
import type { ReportsError } from '../policy/reports.ts'

/** Why the worker refused a beacon, or a request with reports. Stable, so that clients and dashboards can rely on it. */
export type RefusalReason =
  | EnvelopeError
  | ReportsError
  | 'body_too_large'
  | 'unsupported_encoding'
  | 'bad_encoding'
  | 'unreadable_body'
  | 'bad_utf8'
  | 'bad_json'
  | 'bad_resource'

export type ProblemReason =
  | RefusalReason
  | 'not_found'
  | 'method_not_allowed'
  | 'unauthorized'
  | 'bad_config'
  | 'bad_request'
  | 'misconfigured'
  | 'unavailable'
  | 'internal_error'

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

const problems: Readonly<Record<ProblemReason, readonly [status: keyof typeof titles, detail: string]>> = {
  origin_not_allowed: [403, 'Pages of this origin may not send here: add it to "origins" in the configuration.'],
  body_too_large: [413, 'The body is too large: send what is in it in several requests.'],
  unsupported_encoding: [415, 'The content coding is not known: send plain bytes or gzip.'],
  bad_encoding: [400, 'The body is not the gzip it claims to be.'],
  unreadable_body: [400, 'The body ended before it was complete.'],
  bad_utf8: [400, 'The body is not UTF-8.'],
  bad_json: [400, 'The body is not JSON.'],
  bad_envelope: [422, 'The body is not {v: 1, sent, groups}.'],
  unsupported_version: [422, 'This version of the protocol is not known: send version 1.'],
  bad_group: [422, 'A group is not {session, resource, batches}, or its weight is not within the limits.'],
  bad_batch: [422, 'A batch is not [sequence, sealed, counters, histograms], or has no point or too many.'],
  too_many_batches: [422, 'There are too many batches in the body.'],
  expired: [422, 'Everything in the body is too old.'],
  bad_reports: [422, 'The body is neither a list of reports, nor a report, nor {"csp-report": {...}}.'],
  too_many_reports: [422, 'There are too many reports in the body.'],
  no_valid_report: [422, 'No report in the body could be counted.'],
  bad_resource: [422, '"service" and "release" in the address have at most 128 characters, and no control characters.'],
  not_found: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'This address takes other methods: see the Allow header.'],
  unauthorized: [
    401,
    'Send "Authorization: Bearer <token>" with the token in the secret METRICS_TOKEN (set it with "wrangler secret put METRICS_TOKEN"), or set "development": true in the configuration on your own machine.',
  ],
  bad_config: [422, 'The configuration has mistakes, and the running one stays: "errors" lists them.'],
  bad_request: [422, 'The body is not what this address takes: "errors" lists what to do.'],
  misconfigured: [503, 'The configuration has mistakes: GET /health lists them.'],
  unavailable: [503, 'The totals cannot be reached at the moment: try again later.'],
  internal_error: [500, 'Something that should not happen happened.'],
}

/** Every reason there is, with its status. */
export const problemStatuses: ReadonlyMap<string, number> = new Map(
  Object.entries(problems).map(([reason, [status]]) => [reason, status]),
)

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of the usual text. */
  readonly detail?: string
  /** Every mistake, each as its path and what to do. */
  readonly errors?: readonly string[]
}

/** An error answer: problem JSON (RFC 9457) with a stable `reason`. */
export function problem(reason: ProblemReason, options: ProblemOptions = {}): Response {
  const [status, usual] = problems[reason]
  const { headers, detail = usual, errors } = options
  const body = { type: 'about:blank', title: titles[status], status, reason, detail, ...(errors && { errors }) }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
  })
}
