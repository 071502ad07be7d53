import type { Result } from '../../src/protocol/result.ts'
import { encodeExposition, type ExpositionFormat } from '../destinations/prometheus/exposition.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import type { Config } from '../config/types.ts'
import { expositionFormat } from './read/accept.ts'
import { BEARER_CHALLENGE, hasBearer, tokenIn } from './read/bearer.ts'
import { logError } from '../log.ts'
import { problem } from './problem.ts'

export interface ScrapePorts {
  readonly config: Result<Config, readonly string[]>
  readonly aggregator: Pick<AggregatorApi, 'snapshot'>
  /** The secret METRICS_TOKEN; without one nobody can scrape, except in development. */
  readonly token: unknown
}

const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** `GET /metrics`: all totals now, for Prometheus to pull. */
export async function answerScrape(request: Request, ports: ScrapePorts): Promise<Response> {
  const { config, aggregator, token } = ports
  const isOpen = config.ok && config.value.development
  if (!isOpen && !(await hasBearer(request, tokenIn(token))))
    return problem('unauthorized', { headers: BEARER_CHALLENGE })
  if (!config.ok) return problem('misconfigured')
  const format = expositionFormat(request.headers.get('accept'))
  try {
    const snapshot = await aggregator.snapshot()
    return new Response(encodeExposition(snapshot, config.value, format), {
      headers: { 'content-type': contentTypes[format], 'cache-control': 'no-store', vary: 'accept, authorization' },
    })
  } catch (error) {
    logError('scrape failed', error)
    return problem('unavailable')
  }
}
