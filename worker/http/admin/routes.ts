import type { Context, Hono } from 'hono'
import type { Env } from '../../config/env.ts'
import { logError } from '../../log.ts'
import { answerConfig, changeConfig, resetConfig } from './config.ts'
import type { AdminPorts } from './ports.ts'
import { answerJson } from '../answer-json.ts'
import { BEARER_CHALLENGE, hasBearer, tokenIn } from '../read/bearer.ts'
import { answerDeadLetters, dropDeadLetters, replayDeadLetters } from './dead-letters.ts'
import { problem } from '../problem.ts'
import { drain } from '../read/body.ts'

/** A shorter one could be guessed, as the routes are open to the internet. */
export const MIN_ADMIN_TOKEN_LENGTH = 16

type Handler = (request: Request, ports: AdminPorts) => Promise<Response>

const answerStatus: Handler = async (_, { aggregator }) => answerJson(await aggregator.status())

/** Every admin route, by path and method. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  '/v1/status': { GET: answerStatus },
  '/v1/config': { GET: answerConfig, PUT: changeConfig, DELETE: resetConfig },
  '/v1/dead-letters': { GET: answerDeadLetters, DELETE: dropDeadLetters },
  '/v1/dead-letters/replay': { POST: replayDeadLetters },
}

type App = Hono<{ Bindings: Env }>

/**
 * The routes for the operator. Each asks for the token in the secret ADMIN_TOKEN; without one, or with a short one, they answer
 * no request: not even in development, because any page in a browser on the same machine could reach them. No answer has a CORS header.
 */
export function addAdminRoutes(app: App, portsOf: (env: Env) => AdminPorts): void {
  for (const [path, methods] of Object.entries(ROUTES)) {
    for (const [method, handle] of Object.entries(methods)) {
      app.on(method, path, async ({ req, env }: Context<{ Bindings: Env }>) => {
        if (!(await isAdmin(req.raw, env))) return refuse(req.raw)
        return handle(req.raw, portsOf(env)).catch(unavailable)
      })
    }
    const allow = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    app.all(path, async ({ req }) => {
      await drain(req.raw)
      return problem('method_not_allowed', { headers: { allow: allow.join(', ') } })
    })
  }
}

async function isAdmin(request: Request, env: Env): Promise<boolean> {
  const token = tokenIn(env.ADMIN_TOKEN)
  return token.length >= MIN_ADMIN_TOKEN_LENGTH && hasBearer(request, token)
}

// One text, whether there is a token or not: strangers learn nothing from it.
async function refuse(request: Request): Promise<Response> {
  await drain(request)
  return problem('unauthorized', {
    headers: BEARER_CHALLENGE,
    detail: `Send "Authorization: Bearer <token>" with the token in the secret ADMIN_TOKEN, which has at least ${MIN_ADMIN_TOKEN_LENGTH} characters (set it with "wrangler secret put ADMIN_TOKEN").`,
  })
}

function unavailable(error: unknown): Response {
  logError('an admin request failed', error)
  return problem('unavailable')
}
