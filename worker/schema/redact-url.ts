/** Shown in place of a hidden text. */
export const REDACTED = '[redacted]'

// Some receivers take their key as a part of the path: long, and with letters and digits in it.
export const isLikeAKey = (segment: string): boolean =>
  segment.length >= 20 && /[0-9]/.test(segment) && /[A-Za-z]/.test(segment)

/** An address for people to read: without user, password, values in the query, and parts of the path that look like keys. */
export function redactUrl(url: string): string {
  const [, start = '', path = '', query] =
    /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)([^?#]*)(?:\?([^#]*))?/i.exec(url) ?? []
  if (start === '') return REDACTED
  // A bucket, the console or the memory: names that the configuration gave them.
  if (!/^https?:/i.test(start)) return url
  const place = start.replace(/\/\/.*@/, `//${REDACTED}@`)
  const shown = path
    .split('/')
    .map((segment) => (isLikeAKey(segment) ? REDACTED : segment))
    .join('/')
  return place + shown + (query === undefined ? '' : `?${query.split('&').map(redactPair).join('&')}`)
}

const redactPair = (pair: string): string => {
  const equals = pair.indexOf('=')
  return equals < 0 ? REDACTED : `${pair.slice(0, equals)}=${REDACTED}`
}
