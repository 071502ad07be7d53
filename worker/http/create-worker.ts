import { Hono } from 'hono'
import type { Env } from '../config/env.ts'
import { createConfigReader } from '../config/read-config.ts'
import type { AggregatorApi } from '../aggregate/types.ts'
import { addAdminRoutes } from './admin.ts'
import { answerHealth } from './health.ts'
import { answerBeacon } from './ingest.ts'
import { logError } from '../log.ts'
import { problem } from './problem.ts'
import { answerReports } from './reports.ts'
import { pathOf } from './request-url.ts'
import { answerScrape } from './scrape.ts'
import {
  ANY_HASHED_PATH,
  answerHashedScript,
  answerOtherHash,
  answerScript,
  hashedPath,
  type Script,
} from './script.ts'

/** Where beacons go. */
export const BEACON_PATH = '/v1/beacon'

/** Where browsers report to. */
export const REPORTS_PATH = '/v1/reports'

/** What a worker needs to be told. */
export interface WorkerOptions {
  /** The script served at `/pharos.js`. */
  readonly script: Script
}

type Handler = Required<Pick<ExportedHandler<Env>, 'fetch'>>

/**
 * All routes of Pharos as one handler.
 * @example
 * import { Aggregator, createWorker, script } from 'pharos-beacon/worker'
 * export { Aggregator }
 * const pharos = createWorker({ script })
 * export default { fetch: (request, env, ctx) => pharos.fetch(request, env, ctx) }
 */
export function createWorker({ script }: WorkerOptions): Handler {
  const readConfig = createConfigReader()
  const routes = createRoutes(script, readConfig)
  return {
    fetch(request, env, ctx) {
      // Before the router: nearly every request is a beacon.
      if (pathOf(request.url) !== BEACON_PATH) return routes.fetch(request, env, ctx)
      return answerBeacon(request, {
        config: readConfig(env),
        aggregator: aggregatorOf(env),
        waitUntil: (work) => ctx.waitUntil(work),
      })
    },
  }
}

function createRoutes(script: Script, readConfig: ReturnType<typeof createConfigReader>): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>()
  app.all(REPORTS_PATH, ({ req, env, executionCtx }) =>
    answerReports(req.raw, {
      config: readConfig(env),
      aggregator: aggregatorOf(env),
      waitUntil: (work) => executionCtx.waitUntil(work),
    }),
  )
  app.get('/metrics', ({ req, env }) => {
    const ports = { config: readConfig(env), aggregator: aggregatorOf(env), token: env.METRICS_TOKEN }
    return answerScrape(req.raw, ports)
  })
  app.get('/health', ({ env }) => answerHealth({ config: readConfig(env), aggregator: aggregatorOf(env) }))
  app.get('/pharos.js', ({ req }) => answerScript(req.raw, script))
  app.get(hashedPath(script), ({ req }) => answerHashedScript(req.raw, script))
  app.get(ANY_HASHED_PATH, answerOtherHash)
  for (const path of ['/metrics', '/health', '/pharos.js', ANY_HASHED_PATH]) app.all(path, notAllowed)
  addAdminRoutes(app, (env) => ({ config: readConfig(env), aggregator: aggregatorOf(env) }))
  app.notFound(() => problem('not_found'))
  app.onError((error) => {
    logError('request failed', error)
    return problem('internal_error')
  })
  return app
}

const notAllowed = (): Response => problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } })

/** One object holds all totals. The cast: workers-types turns the tuples inside a returned snapshot into arrays. */
const aggregatorOf = (env: Env): AggregatorApi => env.AGGREGATOR.getByName('root') as unknown as AggregatorApi
