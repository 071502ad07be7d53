import { isHidden } from '../core/is-hidden.ts'
import { outside } from '../core/outside.ts'

/**
 * Calls for a collection, outside Angular's zone: every `intervalMs` while the page is visible (0: never), and when it is hidden or left
 * while hidden. Returns a function that stops it. Without a document only the interval is left; without timers, as at the top of a
 * Worker's module, it never calls.
 */
export function startCollecting(collect: () => void, intervalMs: number): () => void {
  const isPage = typeof document !== 'undefined'
  const listening = new AbortController()
  let timer: ReturnType<typeof setInterval> | undefined
  try {
    if (intervalMs) timer = outside(() => setInterval(() => (isPage && isHidden()) || collect(), intervalMs))
    // Node: a process that has nothing else to do may end.
    ;(timer as { unref?: () => void } | undefined)?.unref?.()
  } catch {
    // `forceFlush` collects too.
  }
  const onLeaving = (): void => {
    if (isHidden()) collect()
  }
  // In the capture phase: the beacon seals in the same event, after this listener.
  if (isPage)
    outside(() => {
      for (const type of ['visibilitychange', 'pagehide'])
        addEventListener(type, onLeaving, { capture: true, signal: listening.signal })
    })
  return () => {
    clearInterval(timer)
    listening.abort()
  }
}
