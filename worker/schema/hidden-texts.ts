import { isLikeAKey } from './redact-url.ts'
import type { DestinationSettings } from '../model/destination-settings.ts'

/** Shorter ones are no secrets, and what is left of a text without them could not be read. */
const MIN_LENGTH = 6

/**
 * Texts in a destination that may be keys: values of headers and of the query of its address, parts of
 * the path that look like one. A backend may repeat them in what it answers. The longest first: one may be a part of another.
 */
export function hiddenTexts({ url, headers, credentials }: DestinationSettings): readonly string[] {
  const { pathname = '', search = '' } = URL.parse(url) ?? {}
  const pairs = search.slice(1).split('&')
  const inQuery = pairs.flatMap((pair) => withDecoded(pair.slice(pair.indexOf('=') + 1)))
  const inPath = pathname.split('/').filter(isLikeAKey)
  const users = credentials.map(({ username = '' }) => username)
  return [...new Set([...inQuery, ...inPath, ...Object.values(headers), ...users])]
    .filter((it) => it.length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length)
}

function withDecoded(value: string): string[] {
  try {
    return [value, decodeURIComponent(value.replaceAll('+', ' '))]
  } catch {
    return [value]
  }
}
