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
export const answerScript = (request: Request, script: Script): Response =>
  answer(request, script, `public, max-age=${HOUR_SECONDS}`)

/** `GET /pharos.<hash>.js`: this very script, for ever. */
export const answerHashedScript = (request: Request, script: Script): Response =>
  answer(request, script, `public, max-age=${YEAR_SECONDS}, immutable`)

/** With the name and the integrity to pin it by, for who writes pages. */
function answer({ headers: asked }: Request, script: Script, cacheControl: string): Response {
  const etag = `"${script.hash}"`
  const headers = {
    ...common,
    'cache-control': cacheControl,
    etag,
    'content-location': hashedPath(script),
    'pharos-integrity': script.integrity,
  }
  const known = asked
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  const isKnown = known?.some((tag) => tag === etag || tag === '*') ?? false
  return isKnown ? new Response(null, { status: 304, headers }) : new Response(script.body, { headers })
}

/** Any hashed name, as a route. */
export const ANY_HASHED_PATH = '/:file{pharos\\.[0-9a-f]{16}\\.js}'

/**
 * `GET /pharos.<hash>.js` of another build: on to the script there is. A page that was written before a deploy, or is answered by the
 * older half of a gradual one, keeps counting; one that pins the integrity is refused by its browser, as it asked for.
 * Not kept: after a rollback the name is good again.
 */
export const answerOtherHash = (): Response =>
  new Response(null, { status: 302, headers: { ...common, location: '/pharos.js', 'cache-control': 'no-store' } })
