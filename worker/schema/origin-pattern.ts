import { fail, ok, type Result } from '../../src/protocol/result.ts'

/** The allowed forms, for a text that has none of them. */
export const ORIGIN_ADVICE =
  'give "*", an origin such as "https://shop.example.com" or "capacitor://localhost", "https://*.example.com", or "null"'

/** Common mistakes in an origin, and what to do. The first that matches is named. */
const mistakes: readonly (readonly [RegExp, message: string])[] = [
  [/[\s,;]/, 'give each origin as an entry of its own, without spaces'],
  [/^file:/i, 'write "null", which is what browsers send for pages of files; every sandboxed frame sends it too'],
  [/^(about|blob|data|ftp|javascript|wss?):/i, 'write the origin of the page, such as "https://shop.example.com"'],
  [/^(?![a-z][a-z0-9+.-]*:\/\/)/i, `${ORIGIN_ADVICE}, with the scheme in front`],
  [/\?/, 'leave out the query, from "?" on'],
  [/#/, 'leave out the fragment, from "#" on'],
  [/@/, 'leave out the user name and the password, up to "@"'],
  [/:\/\/[^/]*\/./, 'leave out the path: an origin ends with the host or the port'],
  [/\*(?!\.)|[^/]\*/, 'put "*." in front of the host, as in "https://*.example.com", and "*" nowhere else'],
]

/**
 * An entry of `origins` in the form in which browsers send it: scheme and host in lower case, the host in Punycode, no default
 * port, no slash at the end. Any other part is a mistake, and the message says what to write.
 * @example readOriginPattern('https://Bücher.example:443/') // ok: 'https://xn--bcher-kva.example'
 */
export function readOriginPattern(written: string): Result<string, string> {
  const text = written.trim()
  if (text === '*' || text === 'null') return ok(text)
  const mistake = mistakes.find(([pattern]) => pattern.test(text))
  if (mistake) return fail(mistake[1])
  const [, scheme = '', star = '', host = ''] = /^([^:]+):\/\/(\*\.)?([^/]*)\/?$/.exec(text) ?? []
  const name = scheme.toLowerCase()
  const normal = name === 'http' || name === 'https' ? webHost(name, star, host) : appHost(host)
  return normal === undefined ? fail(ORIGIN_ADVICE) : ok(`${name}://${star}${normal}`)
}

/** As the URL Standard writes a host and a port that is not the default. */
function webHost(scheme: string, star: string, host: string): string | undefined {
  // Behind a star only a name makes sense: with a label in front, an address is none any more, and is refused.
  const label = star && 'a.'
  const url = URL.parse(`${scheme}://${label}${host}`)
  const normal = url?.host.slice(label.length)
  // The parsed text, not the written one: "＊" becomes a star, and "*." with a port or an invisible character has no host behind it.
  // A percent or a backslash would not survive.
  return normal && /^[^.:*][^*]*$/.test(normal) && !/[%\\]/.test(host) ? normal : undefined
}

/** A host of a scheme that belongs to an app is not a domain: it is only lowered. */
const appHost = (host: string): string | undefined =>
  /^[a-z0-9_][a-z0-9._-]*(:\d{1,5})?$/i.test(host) ? host.toLowerCase() : undefined
