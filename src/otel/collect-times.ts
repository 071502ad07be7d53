import { isHidden } from '../core/is-hidden.ts'
import { outside } from '../core/outside.ts'

/**
 * Says when to collect, outside Angular's zone: every `intervalMs` while the page is visible (0: never), and when it is hidden or left while hidden. Returns
 * what stops it. Where there is no document only the interval is left; where there are no timers either, as at the top of a Worker's
 * module, nothing.
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
  // Capturing: the beacon seals in the same event, after this.
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
