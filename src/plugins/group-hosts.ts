/**
 * Names of groups by host: `api.example.com`, `localhost:8080` (a port other than the scheme's own), or `*.example.com`
 * (subdomains of any depth, not `example.com` itself). The first that matches counts.
 */
export type HostNames = Readonly<Record<string, string>>

/** Puts a URL in a group: a name of the caller's, else `self` for the page's own origin, else `other`. */
export function groupHosts(names: HostNames = {}): (url: URL) => string {
  const patterns = Object.entries(names)
  return ({ host, hostname, origin }) => {
    const isOf = (pattern: string): boolean =>
      pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : pattern === host || pattern === hostname
    return patterns.find(([pattern]) => isOf(pattern))?.[1] ?? (origin === location.origin ? 'self' : 'other')
  }
}
