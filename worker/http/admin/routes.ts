import type { Hono } from 'hono'
import type { Env } from '../../config/env.ts'
import { logError } from '../../log.ts'
import { answerConfig, changeConfig, resetConfig } from './config.ts'
import { answerJson } from '../answers.ts'
import type { PortsOf } from '../ports.ts'
import { tokenIn } from '../read/bearer.ts'
import { withToken } from '../with-token.ts'
import { type AdminHandler, withConfig } from './with-config.ts'
import { answerDeadLetters, dropDeadLetters, replayDeadLetters } from './dead-letters.ts'
import { problem } from '../problem.ts'

/** A shorter one could be guessed, as the routes are open to the internet. */
export const MIN_ADMIN_TOKEN_LENGTH = 16

const answerStatus: AdminHandler = async (_, { aggregator }) => answerJson(await aggregator.status())

/** Every admin route, by path and method. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, AdminHandler>>>> = {
  '/v1/status': { GET: answerStatus },
  '/v1/config': {
    GET: withConfig(answerConfig),
    PUT: withConfig(changeConfig),
    DELETE: withConfig(resetConfig),
  },
  '/v1/dead-letters': { GET: answerDeadLetters, DELETE: dropDeadLetters },
  '/v1/dead-letters/replay': { POST: replayDeadLetters },
}

/** A short token does not count, so that the routes answer no request. */
const asAdmin = withToken({
  tokenOf: (env) => {
    const token = tokenIn(env.ADMIN_TOKEN)
    return token.length >= MIN_ADMIN_TOKEN_LENGTH ? token : ''
  },
  detail: `Send "Authorization: Bearer <token>" with the token in the secret ADMIN_TOKEN, which has at least ${MIN_ADMIN_TOKEN_LENGTH} characters (set it with "wrangler secret put ADMIN_TOKEN").`,
})

/**
 * The routes for the operator. Each asks for the token in the secret ADMIN_TOKEN, even in development, because any page in a browser
 * on the same machine could reach them. No answer has a CORS header.
 */
export function addAdminRoutes(app: Hono<{ Bindings: Env }>, portsOf: PortsOf): void {
  for (const [path, methods] of Object.entries(ROUTES)) {
    for (const [method, answer] of Object.entries(methods))
      app.on(method, path, asAdmin, ({ req, env, executionCtx }) =>
        answer(req.raw, portsOf(env, executionCtx)).catch(unavailable),
      )
    const allow = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    app.all(path, () => problem('method_not_allowed', { headers: { allow: allow.join(', ') } }))
  }
}

function unavailable(error: unknown): Response {
  logError('an admin request failed', error)
  return problem('unavailable')
}
