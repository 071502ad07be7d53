import type { MiddlewareHandler } from 'hono'
import type { Env } from '../config/env.ts'
import { problem } from './problem.ts'
import { BEARER_CHALLENGE, hasBearer } from './read/bearer.ts'

export interface TokenOptions {
  /** '' where there is none: then no request passes. */
  readonly tokenOf: (env: Env) => string
  /** Whether requests without the token pass too. */
  readonly isOpen?: (env: Env) => boolean
  /** The usual text of the refusal where none is given. */
  readonly detail?: string
}

/** Lets only requests with the token pass. The refusal says the same with and without a configured token: strangers learn nothing from it. */
export const withToken =
  ({ tokenOf, isOpen, detail }: TokenOptions): MiddlewareHandler<{ Bindings: Env }> =>
  async ({ req, env }, next) => {
    if (!isOpen?.(env) && !(await hasBearer(req.raw, tokenOf(env))))
      return problem('unauthorized', { headers: BEARER_CHALLENGE, ...(detail !== undefined && { detail }) })
    await next()
    return undefined
  }
