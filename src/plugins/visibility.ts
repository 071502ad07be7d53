import { isHidden } from '../core/is-hidden.ts'
import { startListening } from '../browser/listen.ts'
import { navigationEntry } from '../browser/navigation-entry.ts'
import type { Plugin } from '../core/plugin.ts'
import { secondsOf } from './seconds.ts'

export interface VisibilityOptions {
  /** How long after an input the user still counts as engaged, ms. @default 10_000 */
  readonly idleAfterMs?: number
}

/**
 * How long the user had the page, and how it ended. Histograms in seconds:
 * - `page.visible`: a stretch of time for which the page was visible, whenever it is hidden or left. The sum is the whole time
 *   visible. One that was visible when this started was so from the beginning, unless the browser tells otherwise.
 * - `page.engaged`: of the same stretch, how long the last pointer, key or scroll was less than `idleAfterMs` ago. Also 0,
 *   so that it has the count of `page.visible`.
 * - `page.lifetime`: from the beginning of a page view, or its restore, to its end, when the page is left. One that is killed in
 *   the background has none.
 *
 * Counters: `page.restores` (the back/forward cache gave the page back) and `page.discards` (the browser had thrown the page
 * away to save memory, and loaded it again).
 */
export const visibility =
  (options?: VisibilityOptions): Plugin =>
  ({ increment, observe }) => {
    const idleAfterMs = options?.idleAfterMs ?? 10_000
    const now = (): number => performance.now()
    let beginMs = navigationEntry()?.activationStart ?? 0
    let visibleFromMs: number | undefined
    let engagedMs = 0
    let engagedUntilMs = 0

    const show = (fromMs: number): void => {
      if (!isHidden()) visibleFromMs ??= fromMs
    }

    const hide = (): void => {
      if (visibleFromMs === undefined) return
      observe('page.visible', secondsOf(now() - visibleFromMs))
      observe('page.engaged', secondsOf(engagedMs - Math.max(engagedUntilMs - now(), 0)))
      visibleFromMs = undefined
      engagedMs = engagedUntilMs = 0
    }

    // Once for every frame that scrolls: a clock and some sums.
    const engage = (): void => {
      if (visibleFromMs === undefined) return
      const untilMs = now() + idleAfterMs
      engagedMs += Math.min(untilMs - engagedUntilMs, idleAfterMs)
      engagedUntilMs = untilMs
    }

    if ((document as { wasDiscarded?: boolean }).wasDiscarded) increment('page.discards')
    const lastChange = performance.getEntriesByType('visibility-state').at(-1)
    show(Math.max(beginMs, lastChange?.startTime ?? 0))
    return startListening({
      visibilitychange: () => (isHidden() ? hide() : show(now())),
      pagehide: () => {
        hide()
        observe('page.lifetime', secondsOf(now() - beginMs))
      },
      pageshow: ({ persisted }) => {
        if (!persisted) return
        beginMs = now()
        increment('page.restores')
        show(beginMs)
      },
      pointerdown: engage,
      keydown: engage,
      scroll: engage,
    })
  }
