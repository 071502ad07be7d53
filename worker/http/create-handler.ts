import { Hono } from 'hono'
import type { Env } from '../config/env.ts'
import { createConfigReader } from '../config/read-config.ts'
import type { DestinationDefinition } from '../model/destination-definition.ts'
import { addAdminRoutes } from './admin/routes.ts'
import { answerHealth } from './health.ts'
import { cors } from './answers.ts'
import { answerBeacon } from './beacon.ts'
import { logError } from '../log.ts'
import { withMark } from './mark.ts'
import { problem } from './problem.ts'
import { answerReports } from './reports.ts'
import { aggregatorOf, createPorts, type PortsOf } from './ports.ts'
import { tokenIn } from './read/bearer.ts'
import { pathOf } from './read/url.ts'
import { answerScrape } from './scrape.ts'
import type { Script } from '../model/script-file.ts'
import { drainBodies, withDrainedBody } from './with-drained-body.ts'
import { withToken } from './with-token.ts'
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
export function createHandler({ script, kinds }: HandlerOptions): Handler {
  const readConfig = createConfigReader(kinds)
  const portsOf = createPorts(readConfig)
  const routes = createRoutes(script, { readConfig, portsOf })
  const keepBuild = createKeepBuild(script, Date.now)
  return {
    fetch(request, env, context) {
      const keep = (): void => {
        const keeping = keepBuild(() => aggregatorOf(env))
        if (keeping) context.waitUntil(keeping)
      }
      const path = pathOf(request.url)
      // Before the router: nearly every request is a beacon.
      if (path === BEACON_PATH)
        return withDrainedBody(request, () =>
          withMark(() => {
            keep()
            return answerBeacon(request, portsOf(env, context))
          }),
        )
      if (path.startsWith('/pharos')) keep()
      return routes.fetch(request, env, context)
    },
  }
}

interface RouteOptions {
  readonly readConfig: ReturnType<typeof createConfigReader>
  readonly portsOf: PortsOf
}

function createRoutes(script: Script, { readConfig, portsOf }: RouteOptions): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>()
  const asScraper = withToken({
    tokenOf: (env) => tokenIn(env.METRICS_TOKEN),
    isOpen: (env) => {
      const config = readConfig(env)
      return config.ok && config.value.development
    },
  })
  app.use(drainBodies)
  app.all(REPORTS_PATH, ({ req, env, executionCtx }) => answerReports(req.raw, portsOf(env, executionCtx)))
  app.get('/metrics', asScraper, ({ req, env, executionCtx }) => answerScrape(req.raw, portsOf(env, executionCtx)))
  app.get('/health', ({ env, executionCtx }) => answerHealth(portsOf(env, executionCtx)))
  addScriptRoutes(app, script, aggregatorOf)
  for (const path of ['/metrics', '/health', ...SCRIPT_PATHS])
    app.all(path, () => problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } }))
  addAdminRoutes(app, portsOf)
  // With CORS, so that a page with a wrong path in its `url` can read the answer and name the mistake.
  app.notFound(() => problem('not_found', { headers: cors }))
  app.onError((error) => {
    logError('request failed', error)
    return problem('internal_error')
  })
  return app
}
