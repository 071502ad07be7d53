/**
 * Whether a page of `origin` may send.
 * An empty list means pages of the worker's own origin. A request without an `Origin` does not come from a page (browsers
 * send one with every POST): it is taken while no list is configured, or the list has `*`.
 * This keeps strangers' pages out, not programs: any program can write any `Origin`.
 * @param origin the header `Origin`: `null`, the text, for pages that have none or hide it
 * @param patterns as `readOriginPattern` makes them
 * @param ownOrigin the origin the request was sent to
 */
export function isOriginAllowed(origin: string | null, patterns: readonly string[], ownOrigin: string): boolean {
  if (patterns.includes('*')) return true
  if (patterns.length === 0) return origin === null || origin === ownOrigin
  if (origin === null) return false
  // Browsers write schemes and domains in lower case, and the hosts of apps as the app has them.
  const lowered = origin.toLowerCase()
  return patterns.some((pattern) => matches(lowered, pattern))
}

/** `https://*.example.com` takes any depth of subdomains, and not `https://example.com` itself. */
function matches(origin: string, pattern: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return origin === pattern
  const scheme = pattern.slice(0, star)
  const domain = pattern.slice(star + 1)
  const sub = origin.slice(scheme.length, -domain.length)
  // `_` is in no host name (RFC 952), and browsers take it all the same.
  return origin.startsWith(scheme) && origin.endsWith(domain) && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(sub)
}
