/** Answers that several routes give. */
import { logError } from '../log.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import type { Ports } from './ports.ts'
import { problem, type RefusalReason } from './problem.ts'

/** JSON that must not be cached. @param status default 200 */
export const answerJson = (body: unknown, status = 200): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

// Any origin may read any answer: a page that cannot read its 403 takes it for a dead network, and tries for days.
// An answer holds no secret, and beacons carry no credentials.
export const cors: Readonly<Record<string, string>> = { 'access-control-allow-origin': '*' }

/** Seconds after which a client should come back when the edge could not take a beacon. */
const RETRY_AFTER_SECONDS = 10

/** Headers of an answer to a page that should come back. */
export const comeBack: Readonly<Record<string, string>> = { ...cors, 'retry-after': String(RETRY_AFTER_SECONDS) }

/** The ports that a refusal needs. */
export interface RefusalPorts extends Pick<Ports, 'waitUntil'> {
  readonly aggregator: Pick<AggregatorApi, 'countRefused'>
}

/** Refuses a request as a whole, and counts it. */
export function refuse(reason: RefusalReason, { aggregator, waitUntil }: RefusalPorts): Response {
  waitUntil(
    aggregator.countRefused(reason).catch((error: unknown) => {
      logError(`a beacon refused as ${reason} was not counted`, error)
    }),
  )
  return problem(reason, { headers: cors })
}
