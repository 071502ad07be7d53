// Pure: no I/O, no clock, no randomness.

/** `*`, an origin, or an origin whose host begins with `*.`. */
export const isOriginPattern = (pattern: string): boolean =>
  pattern === '*' ||
  /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/.test(pattern) ||
  /^https?:\/\/\[[0-9a-f:]+\](:\d{1,5})?$/.test(pattern)

/**
 * Whether a page of `origin` may send.
 * An empty list means pages of the worker's own origin. A request without an `Origin` does not come from a page (browsers
 * send one with every POST): it is taken as long as nobody has set a list, or the list has `*`.
 * This keeps strangers' pages out, not programs: any program can write any `Origin`.
 * @param ownOrigin the origin the request was sent to
 */
export function isOriginAllowed(origin: string | null, patterns: readonly string[], ownOrigin: string): boolean {
  if (patterns.includes('*')) return true
  if (patterns.length === 0) return origin === null || origin === ownOrigin
  return origin !== null && patterns.some((pattern) => matches(origin, pattern))
}

/** `https://*.example.com` takes any depth of subdomains, and not `https://example.com` itself. */
function matches(origin: string, pattern: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return origin === pattern
  const scheme = pattern.slice(0, star)
  const domain = pattern.slice(star + 1)
  const sub = origin.slice(scheme.length, -domain.length)
  return origin.startsWith(scheme) && origin.endsWith(domain) && /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(sub)
}
