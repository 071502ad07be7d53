/** Headers of an answer to who did not bring the token (RFC 6750, 3). */
export const BEARER_CHALLENGE: Readonly<Record<string, string>> = { 'www-authenticate': 'Bearer realm="pharos"' }

/** The token in a secret; '' where there is none. Piped into "wrangler secret put", a secret may have got a line's end. */
export const tokenIn = (secret: unknown): string => (typeof secret === 'string' ? secret.trim() : '')

/** Whether a request carries `token` as its bearer token (RFC 6750, 2.1). Takes as long for a wrong token as for a near miss. */
export async function hasBearer(request: Request, token: string): Promise<boolean> {
  const given = /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!given || !token) return false
  // Of digests, so that the lengths are equal and say nothing.
  const [a, b] = await Promise.all([given, token].map(digest))
  return crypto.subtle.timingSafeEqual(a!, b!)
}

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
