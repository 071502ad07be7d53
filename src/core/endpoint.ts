import { say } from './say.ts'

/**
 * The absolute address of an endpoint; undefined, with a message, where there is none: a page without an http(s) origin of its own needs
 * an absolute `url`. `self.origin`, unlike `location.origin`, is right in `about:srcdoc`, `about:blank` and `blob:` documents too
 * (https://developer.mozilla.org/docs/Web/API/Window/origin).
 */
export const endpointOf = (url: unknown): string | undefined => {
  const address = (url ?? '/v1/beacon') as string
  for (const base of [location.href, self.origin])
    try {
      const { href } = new URL(address, base)
      if (/^https?:/.test(href)) return href
    } catch {
      // `about:blank` and the origin "null" are no base for a relative address.
    }
  say(`"${address}" is no http(s) address`)
  return undefined
}
