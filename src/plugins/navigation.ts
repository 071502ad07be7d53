import { startListening } from '../browser/listen.ts'
import { guard } from '../core/guard.ts'
import { navigationEntry } from '../browser/navigation-entry.ts'
import { isAttributeText } from '../protocol/series.ts'
import { attempt } from '../browser/attempt.ts'
import { createNameLimit } from './name-limit.ts'
import { navigationPhases } from './navigation-phases.ts'
import { patchHistory } from './patch-history.ts'
import type { Plugin } from '../core/plugin.ts'
import { startRoutes } from './routes.ts'
import { secondsOf } from './seconds.ts'

export interface NavigationOptions {
  /**
   * Names the route of an address, as the attribute `route` of `page.views`: `(url) => url.pathname.replace(/\d+/g, ':id')`.
   * Use few names: those of one page beyond 100 are `other`. If it throws, or returns anything but a text of at most 128
   * characters, there is no name. @default no attribute
   */
  readonly route?: (url: URL) => string | undefined
  /**
   * Counts route changes in browsers without the Navigation API too, by wrapping `history.pushState`.
   * @default false
   */
  readonly patchHistory?: boolean
}

/** Routes of one page. */
const MAX_ROUTES = 100

/** How a page tells its views apart. */
interface Views {
  /** The route of the address; empty where it has no name. */
  readonly routeName: () => string
  /** Listens to route changes where the browser has no Navigation API; returns a function that stops it. */
  readonly listenElse: (onMoved: () => void) => () => void
}

/**
 * Page views and how long they took to load.
 *
 * Counter `page.views`, with the attribute `type`: `navigate`, `reload`, `back-forward` and `prerender` for a page that was
 * loaded, `restore` for one that the back/forward cache gave back, `route` for a change of route within a page: a navigation
 * that ended well, in a history entry of its own, at another path or another name of `route`.
 *
 * Histogram `page.navigation` in seconds, once a page after its load or when it is left before, with the attribute `phase`:
 * `redirect`, `dns`, `connect` (`tls` included), `tls`, `request` (to the first byte), `response`, and since the beginning
 * `dom-interactive`, `dom-content-loaded`, `load`. See `navigationPhases` for what is left out.
 */
export const navigation = ({ route, patchHistory: mayPatch }: NavigationOptions = {}): Plugin => {
  const limit = createNameLimit(MAX_ROUTES)
  const routeName = (): string => {
    const name = attempt(route, new URL(location.href))
    return typeof name === 'string' && name && isAttributeText(name) ? limit(name) : ''
  }
  return watchViews({ routeName, listenElse: mayPatch === true ? patchHistory : neverMoved })
}

/** For pages without any signal of a route change. */
export const neverMoved = (): (() => void) => () => {}

/** `navigation` without its options, which the script tag does not have. */
export const watchViews =
  ({ routeName, listenElse }: Views): Plugin =>
  ({ increment, observe }) => {
    const entry = navigationEntry()
    let isTimed = false
    let view = ''

    const arrive = (type: string, isView = true): void => {
      const route = routeName()
      const before = view
      view = `${location.pathname} ${route}`
      if (isView && (type !== 'route' || view !== before)) increment('page.views', 1, { type, route })
    }

    const time = (): void => {
      if (isTimed || !entry) return
      isTimed = true
      for (const [phase, ms] of navigationPhases(entry)) observe('page.navigation', secondsOf(ms), { phase })
    }
    // The end of the load event is known only after it.
    const timeSoon = (): void => void setTimeout(guard(time))

    arrive(entry?.activationStart ? 'prerender' : (entry?.type ?? 'navigate').replace('_', '-'))
    if (document.readyState === 'complete') timeSoon()
    const stops = [
      startListening({
        load: timeSoon,
        pagehide: time,
        pageshow: ({ persisted }) => {
          if (persisted) arrive('restore')
        },
      }),
      startRoutes((isView) => arrive('route', isView), listenElse),
    ]
    return () => {
      isTimed = true
      for (const stop of stops) stop()
    }
  }
