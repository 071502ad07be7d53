import { SESSION_LENGTH } from '../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { isAttributeText } from '../../src/protocol/series.ts'
import type { Config } from '../config/types.ts'
import { isOriginAllowed } from '../policy/origins.ts'
import { admitReports, type AdmittedReports, type ReportRules } from '../policy/reports.ts'
import { logError } from '../log.ts'
import { answerPost } from './answer-post.ts'
import { comeBack, cors, refuse } from './answers.ts'
import type { IngestPorts } from './beacon.ts'
import { problem, type RefusalReason } from './problem.ts'
import { readJson } from './read/json.ts'
import { originOf, queryOf } from './read/url.ts'

/**
 * Bytes of a body with reports. Chromium puts up to 100 reports into one request, each with a copy of the page's policy, and
 * would offer a body that is refused again and again, and then forget it.
 */
export const MAX_REPORTS_BYTES = 524_288

/**
 * Any request to `/v1/reports`, an endpoint of the Reporting API: 204 means that its reports are counted on durable storage.
 * @example Reporting-Endpoints: default="https://beacon.example.com/v1/reports?service=shop&release=1.4.2"
 */
export async function answerReports(request: Request, ports: IngestPorts): Promise<Response> {
  if (ports.config.ok && !ports.config.value.reports) return problem('not_found', { headers: cors })
  return answerPost(request, ports.config, async (config) => {
    const reports = await admitRequest(request, config)
    return reports.ok ? ingest(reports.value, ports) : refuse(reports.error, ports)
  })
}

async function ingest(reports: AdmittedReports, { aggregator }: IngestPorts): Promise<Response> {
  try {
    // Reports have no identity: those that a browser sends again, because it got no answer, count again.
    await aggregator.ingest([{ session: newSession(), sequence: 1, ...reports }])
  } catch (error) {
    logError('reports were not counted', error)
    return problem('unavailable', { headers: comeBack })
  }
  return new Response(null, { status: 204, headers: cors })
}

async function admitRequest(request: Request, config: Config): Promise<Result<AdmittedReports, RefusalReason>> {
  const rules = rulesOf(request, config)
  if (!rules.ok) return rules
  const json = await readJson(request, MAX_REPORTS_BYTES)
  return json.ok ? admitReports(json.value, rules.value) : json
}

function rulesOf({ url, headers }: Request, config: Config): Result<ReportRules, RefusalReason> {
  const ownOrigin = originOf(url)
  const origin = headers.get('origin')
  // WebKit says `null` with every violation, and others may where the page wants no referrer to be sent (Fetch, "append a request
  // Origin header"). The report's own page is checked in any case.
  const isHidden = origin === null || origin === 'null'
  if (!isHidden && !isOriginAllowed(origin, config.origins, ownOrigin)) return fail('origin_not_allowed')
  const query = new URLSearchParams(queryOf(url))
  const service = query.get('service') ?? ''
  const release = query.get('release') ?? ''
  if (!isAttributeText(service) || !isAttributeText(release)) return fail('bad_resource')
  return ok({ config, ownOrigin, service, release })
}

/** A session for this request alone, as a page makes its own (src/core/session.ts): the aggregator counts each session once. */
const newSession = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(SESSION_LENGTH)), (byte) => (byte % 36).toString(36)).join('')
