import { decodeEnvelope } from '../../src/protocol/decode.ts'
import { RETENTION_MS } from '../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { admitBatch } from '../policy/admit.ts'
import { isOriginAllowed } from '../policy/origins.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import type { Config } from '../config/types.ts'
import type { AdmittedBatch } from '../model/types.ts'
import { logError } from '../log.ts'
import { problem, type RefusalReason } from './problem.ts'
import { drain, readText } from './read/body.ts'
import { originOf } from './read/url.ts'

/** The ports that answering a beacon needs. */
export interface IngestPorts {
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: Pick<AggregatorApi, 'ingest' | 'countRefused'>
  /** Keeps a promise going after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

// Any origin may read any answer: a page that could not read its 403 would take it for a dead network and try for days.
// Nothing is secret in an answer, and beacons carry no credentials.
export const cors: Readonly<Record<string, string>> = { 'access-control-allow-origin': '*' }

export const preflight: Readonly<Record<string, string>> = {
  ...cors,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, content-encoding',
  'access-control-max-age': '86400',
}

/** Seconds after which a client should come back when the edge could not take a beacon. */
const RETRY_AFTER_SECONDS = 10

export const unavailable: Readonly<Record<string, string>> = {
  ...cors,
  'retry-after': String(RETRY_AFTER_SECONDS),
}

/** Answers any request to `/v1/beacon`, for `withMark`: 204 means that every batch in it is on durable storage. */
export async function answerBeacon(request: Request, ports: IngestPorts): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: preflight })
  if (request.method !== 'POST') {
    await drain(request)
    return problem('method_not_allowed', { headers: { ...cors, allow: 'POST, OPTIONS' } })
  }
  if (!ports.config.ok) {
    await drain(request)
    return problem('misconfigured', { headers: unavailable })
  }
  const batches = await admitRequest(request, ports.config.value)
  if (!batches.ok) return refuse(batches.error, ports)
  let settings: string | undefined
  try {
    settings = await ports.aggregator.ingest(batches.value)
  } catch (error) {
    logError('ingest failed', error)
    return problem('unavailable', { headers: unavailable })
  }
  // In a header, because a body that no page reads would hold its budget for requests.
  const headers = settings === undefined ? cors : { ...cors, 'pharos-settings': settings }
  return new Response(null, { status: 204, headers })
}

async function admitRequest(request: Request, config: Config): Promise<Result<AdmittedBatch[], RefusalReason>> {
  if (!isOriginAllowed(request.headers.get('origin'), config.origins, originOf(request.url))) {
    await drain(request)
    return fail('origin_not_allowed')
  }
  const text = await readText(request)
  return text.ok ? admitText(text.value, config) : text
}

/** The pure part: from the text of a body to what will be added. */
export function admitText(text: string, config: Config): Result<AdmittedBatch[], RefusalReason> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('bad_json')
  }
  const decoded = decodeEnvelope(json)
  if (!decoded.ok) return decoded
  if (decoded.value.every(({ ageMs }) => ageMs > RETENTION_MS)) return fail('expired')
  // A batch without a valid point is taken too: its points are then counted by their reasons, once.
  return ok(decoded.value.map((batch) => admitBatch(batch, config)))
}

/** Refuses a request as a whole, and counts it. */
export function refuse(reason: RefusalReason, { aggregator, waitUntil }: IngestPorts): Response {
  waitUntil(
    aggregator.countRefused(reason).catch((error: unknown) => {
      logError(`a beacon refused as ${reason} was not counted`, error)
    }),
  )
  return problem(reason, { headers: cors })
}
