import { attempt } from './attempt.ts'
import { startListening } from './listen.ts'

/** Which entry a type has. */
interface Entries {
  readonly resource: PerformanceResourceTiming
  readonly longtask: PerformanceEntry
  readonly event: PerformanceEventTiming
  readonly 'largest-contentful-paint': LargestContentfulPaint
  readonly 'interaction-contentful-paint': InteractionPaint
  readonly 'long-animation-frame': LongAnimationFrame
}

/** A paint that follows a soft navigation. */
interface InteractionPaint extends PerformanceEntry {
  readonly largestContentfulPaint?: LargestContentfulPaint
}

/** The part of the Long Animation Frames API that is used. https://w3c.github.io/long-animation-frames */
export interface LongAnimationFrame extends PerformanceEntry {
  readonly blockingDuration: number
  readonly scripts: readonly LongScript[]
}

interface LongScript {
  readonly duration: number
  /** Empty where the browser does not tell; the text of a `sourceURL` comment where there is one. */
  readonly sourceURL: string
}

/**
 * Calls `onEntry` once for each performance entry of a type, also for those that the browser kept from before, and ignores its
 * errors. Returns a function that stops it; undefined where the browser has no such entries.
 */
export function observeEntries<Type extends keyof Entries>(
  type: Type,
  onEntry: (entry: Entries[Type]) => void,
): (() => void) | undefined {
  if (!globalThis.PerformanceObserver?.supportedEntryTypes?.includes(type)) return undefined
  const take = (entries: PerformanceEntryList): void => {
    for (const entry of entries) attempt(onEntry, entry as Entries[Type])
  }
  const observer = new PerformanceObserver((list) => take(list.getEntries()))
  // The browser hands over entries in a task (https://w3c.github.io/performance-timeline/#queue-a-performanceentry), and a page that closes has
  // none left. This listener captures, so it runs before the beacon leaves.
  const stopListening = startListening({ visibilitychange: () => take(observer.takeRecords()) })
  // Only events have a threshold; this is the one of web-vitals.
  observer.observe({ type, buffered: true, durationThreshold: 40 })
  return () => {
    stopListening()
    observer.disconnect()
  }
}
