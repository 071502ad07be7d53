import { encodeExposition, type ExpositionFormat } from '../destinations/prometheus/exposition.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import { expositionFormat } from './read/accept.ts'
import { logError } from '../log.ts'
import type { Ports } from './ports.ts'
import { problem } from './problem.ts'

export interface ScrapePorts extends Pick<Ports, 'config'> {
  readonly aggregator: Pick<AggregatorApi, 'snapshot'>
}

const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** `GET /metrics`: all totals now, for Prometheus to pull. */
export async function answerScrape(request: Request, { config, aggregator }: ScrapePorts): Promise<Response> {
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
