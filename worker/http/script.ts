/** The page's script as the build made it. */
export interface Script {
  readonly body: string
  /** Hex digest of the body: changes when it changes. */
  readonly hash: string
  /** What a page writes as `integrity` (Subresource Integrity). */
  readonly integrity: string
}

/** Path of the script under its hashed name: its content never changes. */
export const hashedPath = ({ hash }: Script): string => `/pharos.${hash}.js`

const HOUR_SECONDS = 3_600
const YEAR_SECONDS = 31_536_000

const common = {
  'content-type': 'text/javascript; charset=utf-8',
  'x-content-type-options': 'nosniff',
  // `integrity` is only checked where the answer may be read, and a page with COEP only loads what allows it.
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}

/** `GET /pharos.js`: the newest script, asked for again after an hour. */
export function answerScript(request: Request, { body, hash }: Script): Response {
  const etag = `"${hash}"`
  const headers = { ...common, 'cache-control': `public, max-age=${HOUR_SECONDS}`, etag }
  const known = request.headers
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  const isKnown = known?.some((tag) => tag === etag || tag === '*') ?? false
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers })
}

/** `GET /pharos.<hash>.js`: this very script, for ever. */
export const answerHashedScript = ({ body }: Script): Response =>
  new Response(body, { headers: { ...common, 'cache-control': `public, max-age=${YEAR_SECONDS}, immutable` } })
