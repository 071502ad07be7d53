import { fail, type Result } from '../../src/protocol/result.ts'
import type { Config } from '../config/types.ts'
import { logError } from '../log.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import type { AdmittedBatch } from '../model/types.ts'
import { admitText } from '../policy/admit-text.ts'
import { isOriginAllowed } from '../policy/origins.ts'
import { answerPost } from './answer-post.ts'
import { comeBack, cors, refuse } from './answers.ts'
import type { Ports } from './ports.ts'
import { problem, type RefusalReason } from './problem.ts'
import { readText } from './read/body.ts'
import { originOf } from './read/url.ts'

/** The ports that answering a beacon, or reports, needs. */
export interface IngestPorts extends Pick<Ports, 'config' | 'waitUntil'> {
  readonly aggregator: Pick<AggregatorApi, 'ingest' | 'countRefused'>
}

/** Answers any request to `/v1/beacon`, for `withMark`: 204 means that every batch in it is on durable storage. */
export const answerBeacon = (request: Request, ports: IngestPorts): Promise<Response> =>
  answerPost(request, ports.config, async (config) => {
    const batches = await admitRequest(request, config)
    return batches.ok ? ingest(batches.value, ports) : refuse(batches.error, ports)
  })

async function admitRequest(request: Request, config: Config): Promise<Result<AdmittedBatch[], RefusalReason>> {
  if (!isOriginAllowed(request.headers.get('origin'), config.origins, originOf(request.url)))
    return fail('origin_not_allowed')
  const text = await readText(request)
  return text.ok ? admitText(text.value, config) : text
}

async function ingest(batches: AdmittedBatch[], { aggregator }: IngestPorts): Promise<Response> {
  let settings: string | undefined
  try {
    settings = await aggregator.ingest(batches)
  } catch (error) {
    logError('ingest failed', error)
    return problem('unavailable', { headers: comeBack })
  }
  // In a header: a body that a page does not read would count against its keepalive budget
  // (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch).
  const headers = settings === undefined ? cors : { ...cors, 'pharos-settings': settings }
  return new Response(null, { status: 204, headers })
}
