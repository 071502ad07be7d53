import type { MiddlewareHandler } from 'hono'
import { drain } from './read/body.ts'

/** Lets `answer` go out once the body has been read: an answer before that would reset the connection and be lost. */
export async function withDrainedBody<Answer>(request: Request, answer: () => Promise<Answer>): Promise<Answer> {
  const answered = await answer()
  await drain(request)
  return answered
}

/** The same for every route of the router. */
export const drainBodies: MiddlewareHandler = ({ req }, next) => withDrainedBody(req.raw, next)
