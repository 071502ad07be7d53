import { type Context, Hono } from 'hono'
import type { Env } from '../config/env.ts'
import { createConfigReader } from '../config/read-config.ts'
import type { AggregatorApi } from '../model/aggregator-api.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import { addAdminRoutes } from './admin/routes.ts'
import { answerHealth } from './health.ts'
import { answerBeacon, cors } from './beacon.ts'
import { logError } from '../log.ts'
import { withMark } from './mark.ts'
import { problem } from './problem.ts'
import { answerReports } from './reports.ts'
import { drain } from './read/body.ts'
import { pathOf } from './read/url.ts'
import { answerScrape } from './scrape.ts'
import type { Script } from '../model/script-file.ts'
import { createKeepBuild } from './script/keep-build.ts'
import { addScriptRoutes, SCRIPT_PATHS } from './script/routes.ts'

/** Where beacons go. */
export const BEACON_PATH = '/v1/beacon'

/** Where browsers report to. */
export const REPORTS_PATH = '/v1/reports'

export interface HandlerOptions {
  /** The page's script: `/pharos.js`, and its parts. */
  readonly script: Script
  /** All kinds of destinations that a configuration may have. */
  readonly kinds: readonly DestinationDefinition[]
}

export type Handler = Required<Pick<ExportedHandler<Env>, 'fetch'>>

/** All routes of Pharos as one handler. */
export function createHandler(options: HandlerOptions): Handler {
  const { script, kinds } = options
  const readConfig = createConfigReader(kinds)
  const routes = createRoutes(options, readConfig)
  const keepBuild = createKeepBuild(script, Date.now)
  return {
    fetch(request, env, ctx) {
      const keep = (): void => {
        const keeping = keepBuild(() => aggregatorOf(env))
        if (keeping) ctx.waitUntil(keeping)
      }
      const path = pathOf(request.url)
      // Before the router: nearly every request is a beacon.
      if (path === BEACON_PATH)
        return withMark(() => {
          keep()
          return answerBeacon(request, {
            config: readConfig(env),
            aggregator: aggregatorOf(env),
            waitUntil: (work) => ctx.waitUntil(work),
          })
        })
      if (path.startsWith('/pharos')) keep()
      return routes.fetch(request, env, ctx)
    },
  }
}

function createRoutes(
  { script }: HandlerOptions,
  readConfig: ReturnType<typeof createConfigReader>,
): Hono<{ Bindings: Env }> {
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
  addScriptRoutes(app, script, aggregatorOf)
  for (const path of ['/metrics', '/health', ...SCRIPT_PATHS]) app.all(path, notAllowed)
  addAdminRoutes(app, (env) => ({ config: readConfig(env), aggregator: aggregatorOf(env) }))
  app.notFound(async ({ req }) => {
    await drain(req.raw)
    // A page with a wrong path in its `url` reads this, and says so.
    return problem('not_found', { headers: cors })
  })
  app.onError((error) => {
    logError('request failed', error)
    return problem('internal_error')
  })
  return app
}

async function notAllowed({ req }: Context): Promise<Response> {
  await drain(req.raw)
  return problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } })
}

/** One object holds all totals. The cast: workers-types turns the tuples inside a returned snapshot into arrays. */
const aggregatorOf = (env: Env): AggregatorApi => env.AGGREGATOR.getByName('root') as unknown as AggregatorApi
