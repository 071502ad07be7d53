// By hand: a request's url is the Host header and the path as they came, and `new URL` throws on some of them.
const pathStart = (url: string): number => {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return start < 0 ? url.length : start
}

/** Scheme, host and port. */
export const originOf = (url: string): string => url.slice(0, pathStart(url))

/** The path, without query and fragment, as it was sent. */
export function pathOf(url: string): string {
  const path = url.slice(pathStart(url))
  const end = path.search(/[?#]/)
  return end < 0 ? path : path.slice(0, end)
}

/** The text between the first `?` and the fragment; '' for none. */
export const queryOf = (url: string): string => /^[^?#]*\?([^#]*)/.exec(url.slice(pathStart(url)))?.[1] ?? ''
