import type { Guard } from './guard.ts'

export interface LifecycleHooks {
  /** The page is one that a user sees or may see: at once, or when a prerendered page is activated. Called once. */
  readonly onActivated: () => void
  /** This may be the last code that runs: the page was hidden, is being left or frozen. Called more than once. */
  readonly onLeaving: () => void
  /** The page came back from the back/forward cache. */
  readonly onRestored: () => void
}

/**
 * The one place that knows the events of a page's life; returns what stops listening.
 * A visible page that closes or is navigated has
 * `pagehide` first, still visible, and then `visibilitychange`. No `unload`: it bars the back/forward cache.
 */
export function startLifecycle({ onActivated, onLeaving, onRestored }: LifecycleHooks, guard: Guard): () => void {
  const listening = new AbortController()
  const on = (target: EventTarget, type: string, work: (event: Event) => void): void =>
    target.addEventListener(type, guard(work), listening)

  const activate = (): void => {
    // On the window and not capturing: web-vitals captures there, so its last values are recorded before.
    on(window, 'visibilitychange', () => {
      if (isHidden()) onLeaving()
    })
    on(window, 'pagehide', onLeaving)
    on(document, 'freeze', onLeaving)
    on(window, 'pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) onRestored()
    })
    onActivated()
  }

  if ((document as { prerendering?: boolean }).prerendering) on(document, 'prerenderingchange', activate)
  else guard(activate)()
  return () => listening.abort()
}

export const isHidden = (): boolean => document.visibilityState === 'hidden'
