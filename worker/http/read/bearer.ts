/** Headers of the answer to a request without the token (RFC 6750, 3). */
export const BEARER_CHALLENGE: Readonly<Record<string, string>> = { 'www-authenticate': 'Bearer realm="pharos"' }

/** The token in a secret; '' where there is none. A secret that was piped into "wrangler secret put" may end with a line break. */
export const tokenIn = (secret: unknown): string => (typeof secret === 'string' ? secret.trim() : '')

/** Whether a request carries `token` as its bearer token (RFC 6750, 2.1). Takes as long for a wrong token as for a near miss. */
export async function hasBearer(request: Request, token: string): Promise<boolean> {
  const given = /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!given || !token) return false
  // Digests have equal lengths, so the time does not depend on the length of the token.
  const [a, b] = await Promise.all([given, token].map(digest))
  return crypto.subtle.timingSafeEqual(a!, b!)
}

const digest = (text: string): Promise<ArrayBuffer> => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
