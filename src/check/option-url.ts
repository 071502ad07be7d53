import type { Mistake } from './report.ts'
import { isUnset, quote, show } from './show.ts'

const NOTHING = 'Nothing is recorded.'
const WHOLE = "Write the whole address: url: 'https://beacon.example.com/v1/beacon'."
const TAKEN_FOR_PATH = "It is taken for a path of the page's site."

/** The mistake in the option `url`. `pageUrl`: the address of the page, '' where it is not known. */
export function mistakeInUrl(url: unknown, pageUrl: string): Mistake {
  const hasOrigin = pageUrl === '' || /^https?:/.test(pageUrl)
  if (url === undefined)
    return hasOrigin
      ? undefined
      : `option "url" is missing, and the page (${schemeOf(pageUrl)}) has no origin to use. ${NOTHING} ${WHOLE}`
  if (url === null && hasOrigin)
    return `option "url" is null. The default, /v1/beacon of the page's origin, is used. ${WHOLE}`
  if (typeof url !== 'string' && !(url instanceof URL))
    return `option "url" is ${show(url)}, not an address. ${hasOrigin ? TAKEN_FOR_PATH : NOTHING} ${WHOLE}`
  return typeof url === 'string' ? mistakeInAddress(url, pageUrl, hasOrigin) : mistakeInUrlParts(url, pageUrl, url.href)
}

function mistakeInAddress(address: string, pageUrl: string, hasOrigin: boolean): Mistake {
  const shown = quote(address.replace(/\/\/[^/?#]*@/, '//'))
  if (address.trim() === '')
    return `option "url" is empty, which is the address of the page itself. ${hasOrigin ? "Leave it out for /v1/beacon of the page's origin." : `${NOTHING} ${WHOLE}`}`
  if (isUnset(address))
    return `option "url" is ${shown}, with a variable in it that is not set. Beacons do not reach the worker. ${WHOLE}`
  const better = withScheme(address)
  // `localhost:8787/` has a scheme: "localhost:".
  const whole = parse(address)
  if (better !== undefined)
    return `option "url" is ${shown}, without a scheme. ${hasOrigin && !whole ? TAKEN_FOR_PATH : NOTHING} Did you mean ${quote(better)}?`
  if (whole) return mistakeInUrlParts(whole, pageUrl, address)
  if (!hasOrigin)
    return `option "url" is ${shown}, but the page (${schemeOf(pageUrl)}) has no origin to add to it. ${NOTHING} ${WHOLE}`
  // A relative address cannot be checked on a page whose address is not known.
  if (pageUrl === '') return undefined
  const resolved = parse(address, pageUrl)
  return resolved
    ? mistakeInUrlParts(resolved, pageUrl, address)
    : `option "url" is ${shown}, which is no address. ${NOTHING} ${WHOLE}`
}

/** `URL.parse`, which browsers have only since 2024. */
function parse(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base)
  } catch {
    return undefined
  }
}

/** The address that `beacon.example.com` or `localhost:8787/v1/beacon` stands for; undefined for what is no host with or without a path. */
function withScheme(address: string): string | undefined {
  const isLocal = /^(?:localhost|127\.0\.0\.1)(?::\d+)?(?:\/|$)/.test(address)
  const isHost = /^[\w-]+(?:\.[\w-]+)*(?::\d+(?:\/|$)|\.[a-z]{2,}\/v1\/beacon$|\.[\w-]+\.[a-z]{2,}$)/.test(address)
  if (!isLocal && !isHost) return undefined
  return `${isLocal ? 'http' : 'https'}://${/\/./.test(address) ? address : address.replace(/\/?$/, '/v1/beacon')}`
}

function mistakeInUrlParts(url: URL, pageUrl: string, address: string): Mistake {
  const { protocol, host, pathname, search, hash, username, password } = url
  if (protocol !== 'https:' && protocol !== 'http:')
    return `option "url" begins with ${quote(protocol)}. Only https: and http: work. ${NOTHING} ${WHOLE}`
  // The text does not show it, because it could be a password.
  const better = `${protocol}//${host}${pathname}${search}`
  if (username !== '' || password !== '')
    return `option "url" has a user name or a password, and browsers refuse to send to such an address. Write ${quote(better)}.`
  if (hash !== '') return `option "url" is ${quote(address)}: what follows "#" is never sent. Write ${quote(better)}.`
  if (pathname === '/' && search === '')
    return `option "url" is ${quote(address)}, which has no path. Nothing takes beacons there. Did you mean ${quote(`${protocol}//${host}/v1/beacon`)}?`
  if (protocol === 'http:' && pageUrl.startsWith('https:') && !isLoopback(url.hostname))
    return `option "url" is ${quote(address)}, but the page is https:. Browsers block it. Write ${quote(`https://${host}${pathname}${search}`)}.`
  return undefined
}

/** Hosts that an https: page may ask over http: (https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy). */
const isLoopback = (hostname: string): boolean => /^(?:127\.\d+\.\d+\.\d+|\[::1\]|(?:.*\.)?localhost)$/.test(hostname)

const schemeOf = (pageUrl: string): string => (pageUrl.startsWith('about:') ? pageUrl : pageUrl.split(':')[0]! + ':')
