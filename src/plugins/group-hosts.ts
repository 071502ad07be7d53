/**
 * Names of groups by host: `api.example.com`, `localhost:8080` (a port other than the scheme's own), or `*.example.com`
 * (subdomains of any depth, not `example.com` itself). The first that matches counts.
 */
export type HostNames = Readonly<Record<string, string>>

/** The group of a URL: a name of the caller's, or `self` for the page's own origin, or `other`. */
export function groupHosts(names: HostNames = {}): (url: URL) => string {
  const patterns = Object.entries(names)
  return ({ host, hostname, origin }) => {
    const isOf = (pattern: string): boolean =>
      pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : pattern === host || pattern === hostname
    return patterns.find(([pattern]) => isOf(pattern))?.[1] ?? (origin === location.origin ? 'self' : 'other')
  }
}
