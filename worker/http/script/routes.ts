import type { Hono } from 'hono'
import type { AggregatorApi } from '../../model/aggregator-api.ts'
import type { Env } from '../../config/env.ts'
import { logError } from '../../log.ts'
import type { Script } from '../../model/script-file.ts'
import { problem } from '../problem.ts'
import { pathOf } from '../read/url.ts'
import { answerFile, FOR_AN_HOUR, FOR_EVER, forAnyPage } from './answer-file.ts'
import { createFindEarlier, type EarlierStorage, type FindEarlier } from './earlier-builds.ts'
import { serveOwn } from './served-file.ts'

/** Any file of any build. */
const ANY_FILE = '/:file{pharos(?:-[a-z]+)?\\.[0-9a-f]{16}\\.js}'

/** Paths that scripts are served under. */
export const SCRIPT_PATHS: readonly string[] = ['/pharos.js', ANY_FILE]

/** Seconds after which a file of an earlier build may be asked for again. */
const RETRY_AFTER_SECONDS = 10

/** `GET /pharos.js`, this build's script; and every file under its own name, of this build and of earlier ones. */
export function addScriptRoutes(
  app: Hono<{ Bindings: Env }>,
  { main, parts }: Script,
  aggregatorOf: (env: Env) => AggregatorApi,
): void {
  const newest = serveOwn(main)
  const files = new Map([newest, ...parts.map(serveOwn)].map((file) => [file.path, file]))
  const find = createFindEarlier(Date.now)
  app.get('/pharos.js', ({ req }) => answerFile(req.raw, newest, FOR_AN_HOUR))
  app.get(ANY_FILE, ({ req, env }) => {
    const file = files.get(pathOf(req.url))
    return file ? answerFile(req.raw, file, FOR_EVER) : answerEarlier(req.raw, find, aggregatorOf(env))
  })
}

/** A page from before a deploy gets the very file that it names, or none: it would refuse another one by its integrity. */
async function answerEarlier(request: Request, find: FindEarlier, aggregator: EarlierStorage): Promise<Response> {
  try {
    const file = await find(pathOf(request.url), aggregator)
    if (file) return answerFile(request, file, FOR_EVER)
  } catch (error) {
    logError('the files of earlier builds were not found', error)
    const headers = { ...forAnyPage, 'retry-after': String(RETRY_AFTER_SECONDS) }
    return problem('unavailable', {
      headers,
      detail: 'Earlier builds cannot be reached at the moment: try again later.',
    })
  }
  const detail = 'No build that is kept has this file: take the name that GET /pharos.js gives as "content-location".'
  return problem('not_found', { headers: forAnyPage, detail })
}
