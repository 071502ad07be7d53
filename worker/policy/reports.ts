import { RETENTION_MS } from '../../src/protocol/limits.ts'
import { fail, ok, type Result } from '../../src/protocol/result.ts'
import { canonicalAttributes } from '../../src/protocol/series.ts'
import { seriesKey } from '../model/series-key.ts'
import type { Config } from '../config/types.ts'
import type { AdmittedBatch, EdgeDropReason, SeriesKey } from '../model/types.ts'
import { isOriginAllowed } from './origins.ts'
import { reportAttributes, type ReportBody } from './reports-details.ts'
import { isObject } from '../../src/protocol/json.ts'

/** The counter of reports by browsers. */
export const REPORTS_METRIC = 'browser.reports'

/** Reports in one request. Chromium and Firefox keep no more than these of all pages together. */
export const MAX_REPORTS = 100

/** Why nothing of a request with reports was counted. */
export type ReportsError = 'bad_reports' | 'too_many_reports' | 'no_valid_report' | 'expired' | 'origin_not_allowed'

/** The facts that admission needs beside the reports. */
export interface ReportRules {
  readonly config: Pick<Config, 'origins' | 'resourceLabels'>
  /** The origin the request was sent to. */
  readonly ownOrigin: string
  /** As the address of the endpoint says; '' for none. */
  readonly service: string
  readonly release: string
}

/** The counts of a request with reports; it has no identity of its own. */
export type AdmittedReports = Omit<AdmittedBatch, 'session' | 'sequence'>

interface Report {
  readonly type: string
  readonly url: string
  readonly ageMs: number
  readonly body: ReportBody
}

/**
 * The reports of a request, as counts. Those that are refused are left out and counted by their reason.
 * @param json the body: a list of reports, one report, or a violation as CSP Level 2 has it
 * @example admitReports([{ type: 'crash', age: 42, url: 'https://shop.example.com/', body: { reason: 'oom' } }], rules)
 */
export function admitReports(json: unknown, rules: ReportRules): Result<AdmittedReports, ReportsError> {
  const list = listOf(json)
  if (!list) return fail('bad_reports')
  if (list.length > MAX_REPORTS) return fail('too_many_reports')
  const counts = new Map<SeriesKey, number>()
  const dropped: EdgeDropReason[] = []
  let ageMs = 0
  for (const item of list) {
    const report = parseReport(item)
    const reason = report ? refusalOf(report, rules) : 'bad_shape'
    const attributes = report && canonicalAttributes(reportAttributes(report.type, report.body))
    if (!report || !attributes || reason) {
      dropped.push(reason ?? 'bad_attributes')
      continue
    }
    const key = keyOf(attributes, rules)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    ageMs = Math.max(ageMs, report.ageMs)
  }
  if (counts.size === 0) return fail(commonReason(dropped))
  return ok({ ageMs, deltas: [...counts].map(([key, count]) => [key, [count]] as const), dropped })
}

/**
 * The reports in a body. A violation as CSP Level 2, 4.4, sends it becomes a report with the age 0. WebKit sends to a `report-to` endpoint one
 * report, without a list around it and without an age.
 */
function listOf(json: unknown): readonly unknown[] | undefined {
  if (Array.isArray(json)) return json
  if (!isObject(json)) return undefined
  const violation = json['csp-report']
  if (isObject(violation)) return [reportOf(violation)]
  return typeof json['type'] === 'string' ? [json] : undefined
}

/** A `violated-directive` of CSP Level 1 is the directive as it is written, values included. */
function reportOf(violation: Readonly<Record<string, unknown>>): unknown {
  const violated = violation['violated-directive']
  const effectiveDirective =
    violation['effective-directive'] ?? (typeof violated === 'string' ? violated.trim().split(/\s/, 1)[0] : undefined)
  const body = { effectiveDirective, disposition: violation['disposition'] }
  return { type: 'csp-violation', url: violation['document-uri'], body }
}

/** Source: W3C "Reporting API", 3.4: serialize a list of reports. */
function parseReport(json: unknown): Report | undefined {
  if (!isObject(json)) return undefined
  const { type, age = 0, url, body } = json
  if (typeof type !== 'string' || typeof url !== 'string') return undefined
  if (typeof age !== 'number' || !Number.isFinite(age)) return undefined
  if (body !== null && body !== undefined && !isObject(body)) return undefined
  return { type, url, ageMs: Math.max(0, age), body: body ?? {} }
}

function refusalOf({ url, ageMs }: Report, { config, ownOrigin }: ReportRules): EdgeDropReason | undefined {
  if (ageMs > RETENTION_MS) return 'expired'
  // 'null' stands for an address without an origin (`about:blank`, `data:`), and for a text that is no address.
  const origin = URL.parse(url)?.origin ?? 'null'
  return isOriginAllowed(origin, config.origins, ownOrigin) ? undefined : 'origin_not_allowed'
}

const keyOf = (
  attributes: NonNullable<ReturnType<typeof canonicalAttributes>>,
  { config, service, release }: ReportRules,
): SeriesKey =>
  seriesKey({
    kind: 'counter',
    name: REPORTS_METRIC,
    service: config.resourceLabels.service ? service : '',
    release: config.resourceLabels.release ? release : '',
    attributes,
  })

/** The reason that all of them share; `no_valid_report` where they do not. */
function commonReason(dropped: readonly EdgeDropReason[]): ReportsError {
  const [first] = dropped
  const isCommon = dropped.every((reason) => reason === first)
  return isCommon && (first === 'expired' || first === 'origin_not_allowed') ? first : 'no_valid_report'
}
