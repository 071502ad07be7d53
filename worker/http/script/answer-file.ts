import { prefersBrotli } from '../read/accept.ts'
import type { ServedFile } from './served-file.ts'

const HOUR_SECONDS = 3_600
const YEAR_SECONDS = 31_536_000

/** An hour: what the plain name leads to changes with a deploy. */
export const FOR_AN_HOUR: string = `public, max-age=${HOUR_SECONDS}`

/** For ever: a name with a hash never leads to anything else. */
export const FOR_EVER: string = `public, max-age=${YEAR_SECONDS}, immutable`

/** `integrity` is only checked where the answer may be read, and a page with COEP only loads what allows it. Refusals say so too. */
export const forAnyPage: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
}

/** A file in the coding that is asked for, with the name and the integrity to pin it by, for who writes pages. */
export function answerFile(request: Request, file: ServedFile, cacheControl: string): Response {
  const coded = prefersBrotli(acceptEncodingOf(request)) ? file.brotli : undefined
  // Strong, so each coding has its own (RFC 9110, 8.8.3.3).
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
    // Said here, because the answer to HEAD has no body to take it from.
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

/** Whether the client has what it would get (RFC 9110, 13.1.2). */
const isKnown = (ifNoneMatch: string | null, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false
