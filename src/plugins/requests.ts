import { attempt } from '../browser/attempt.ts'
import { observeEntries } from '../browser/observe-entries.ts'
import { isAttributeText } from '../protocol/series.ts'
import { groupHosts, type HostNames } from './group-hosts.ts'
import { createNameLimit } from './name-limit.ts'
import type { Plugin } from '../core/plugin.ts'
import { secondsOf } from './seconds.ts'

export interface RequestsOptions {
  /** Groups of hosts, for the attribute `host`: `{ '*.example.com': 'api' }`. @default none: `self` or `other` */
  readonly hosts?: HostNames
  /**
   * Names the purpose of a request, for the attribute `route`. Use a small set of names: a path with ids makes a series
   * for each id. Text of at most 128 characters. Anything else, and names beyond 100 of one page, are `other`.
   * @default no such attribute
   */
  readonly route?: (url: URL) => string | undefined
  /** Requests that are not counted. @default none */
  readonly ignore?: (url: URL) => boolean
  /** Which `initiatorType` of the browser's resource timing to count. @default fetch and xmlhttprequest */
  readonly initiators?: readonly string[]
}

/** Routes of one page. */
const MAX_ROUTES = 100

/**
 * Requests that the page makes: histograms `requests.duration` in seconds, from the call to the last byte, and `requests.size` in
 * bytes on the network, with the attributes `host` (a group), `initiator`, `status` (`2xx`, …, `unknown`) and, with a namer, `route`.
 *
 * Everything comes from the browser's resource timing, and nothing is patched. So there are gaps:
 * - `status` is `unknown` of another origin without CORS, of a request that failed, and in browsers without `responseStatus`.
 * - There is no size for answers from a cache, or from another origin without `Timing-Allow-Origin`.
 * - There is no method. Only a wrapped `fetch` would know it, and only a guess connects its calls to their timings.
 * - Requests from before the start count too, once, as far as the browser kept them: by default the first 250 resources.
 * - Requests of workers and frames are not the page's.
 * - Chromium has no entry for a short answer whose body the page does not read (https://github.com/whatwg/fetch/issues/1813).
 * - A request that has no entry yet when the page is left is not counted: one under way, and in Chromium an opaque one
 *   (`no-cors`) up to some 50 ms after its answer.
 *
 * Beacons do not count.
 */
export const requests =
  ({ hosts, route, ignore, initiators = ['fetch', 'xmlhttprequest'] }: RequestsOptions = {}): Plugin =>
  ({ observe, url: beaconUrl }) => {
    const groupOf = groupHosts(hosts)
    const limit = createNameLimit(MAX_ROUTES)
    return observeEntries('resource', (entry) => {
      const { name, initiatorType: initiator, duration, responseStatus, transferSize } = entry
      if (!initiators.includes(initiator) || name === beaconUrl) return
      const url = new URL(name)
      if (attempt(ignore, url)) return
      const attributes = {
        host: groupOf(url),
        initiator,
        status: responseStatus ? `${Math.floor(responseStatus / 100)}xx` : 'unknown',
        ...(route && { route: limit(textOr(attempt(route, url), 'other')) }),
      }
      observe('requests.duration', secondsOf(duration), attributes)
      if (transferSize > 0) observe('requests.size', transferSize, attributes)
    })
  }

/** The namer is the page's, and may return anything. */
const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' && value !== '' && isAttributeText(value) ? value : fallback
