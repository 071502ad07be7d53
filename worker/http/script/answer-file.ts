import { prefersBrotli } from '../read/accept.ts'
import type { ServedFile } from './served-file.ts'

const HOUR_SECONDS = 3_600
const YEAR_SECONDS = 31_536_000

/** An hour: the file under the plain name changes with a deploy. */
export const FOR_AN_HOUR: string = `public, max-age=${HOUR_SECONDS}`

/** For ever: the file under a name with a hash never changes. */
export const FOR_EVER: string = `public, max-age=${YEAR_SECONDS}, immutable`

/** Browsers check `integrity` only if the page may read the answer, and a page with COEP only loads files with the second header. */
export const forAnyPage: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}

/** A file in the coding that the request asks for, with the name and the integrity that a page can pin it by. */
export function answerFile(request: Request, file: ServedFile, cacheControl: string): Response {
  const coded = prefersBrotli(acceptEncodingOf(request)) ? file.brotli : undefined
  // A strong validator differs between the codings of a file (RFC 9110, 8.8.3.3).
  const etag = coded ? `"${file.hash}-br"` : `"${file.hash}"`
  const headers = {
    ...forAnyPage,
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': cacheControl,
    vary: 'accept-encoding',
    etag,
    'content-location': file.path,
    'pharos-integrity': file.integrity,
  }
  if (isKnown(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  const body = coded ?? file.plain
  return new Response(body, {
    // Set by hand, because the answer to HEAD has no body.
    headers: { ...headers, 'content-length': String(body.length), ...(coded && { 'content-encoding': 'br' }) },
    // The bytes are in their coding already.
    encodeBody: coded ? 'manual' : 'automatic',
  })
}

/**
 * Cloudflare writes `gzip, br` into the header of every request, and keeps the client's own words here
 * (https://developers.cloudflare.com/fundamentals/reference/http-headers/#accept-encoding).
 */
const acceptEncodingOf = ({ headers, cf }: Request): string | null => {
  const asked = (cf as IncomingRequestCfProperties | undefined)?.clientAcceptEncoding
  return typeof asked === 'string' ? asked : headers.get('accept-encoding')
}

/** Whether the client has the file already (RFC 9110, 13.1.2). */
const isKnown = (ifNoneMatch: string | null, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false
