import type { MetricType } from 'web-vitals'
import type { Attributes } from '../protocol/types.ts'

/**
 * What a web vital was about, as far as it is safe as a label: a few words, never a selector, a URL or a text of the page.
 * Given to `webVitals`, which it makes no larger for those who do not use it.
 * - LCP `element`: `img`, `image` (in SVG), `video`, `background` (an image of another element), `text`, or `unknown` where the
 *   element is gone.
 * - INP `interaction`: `pointer` or `keyboard`; and `subpart`, the longest of `input-delay`, `processing-duration` and
 *   `presentation-delay`, by the events of the interaction alone.
 * - CLS `load_state` at the largest shift: `loading`, `dom-interactive`, `dom-content-loaded` or `complete`.
 *
 * Nothing is added where the browser gave no entries: after a restore, for a layout that never shifted.
 * @example
 * webVitals({ attribution })
 */
export function attribution({ name, entries }: MetricType): Attributes {
  if (!entries.length) return {}
  if (name === 'LCP') return { element: elementKind(entries[0]!) }
  if (name === 'INP') return interactionOf(entries)
  if (name === 'CLS') return { load_state: loadStateAt(largestShift(entries).startTime) }
  return {}
}

function elementKind({ element, url }: LargestContentfulPaint): string {
  if (!element) return 'unknown'
  const tag = element.localName
  if (['img', 'image', 'video'].includes(tag)) return tag
  return url ? 'background' : 'text'
}

function interactionOf(events: readonly PerformanceEventTiming[]): Attributes {
  const { name, startTime, duration } = events[0]!
  const began = Math.min(...events.map(({ processingStart }) => processingStart))
  // Durations are rounded, and a dialog is not waited for: https://github.com/GoogleChrome/web-vitals/issues/492
  const painted = Math.max(startTime + duration, began)
  const ended = Math.min(painted, Math.max(...events.map(({ processingEnd }) => processingEnd)))
  const subparts: [string, number][] = [
    ['input-delay', began - startTime],
    ['processing-duration', ended - began],
    ['presentation-delay', painted - ended],
  ]
  return {
    interaction: name.startsWith('key') ? 'keyboard' : 'pointer',
    subpart: subparts.reduce((a, b) => (b[1] > a[1] ? b : a))[0],
  }
}

const largestShift = (shifts: readonly LayoutShift[]): LayoutShift =>
  shifts.reduce((a, b) => (b.value > a.value ? b : a))

/** A milestone that is still to come is 0. */
function loadStateAt(timeMs: number): string {
  const [navigation] = performance.getEntriesByType('navigation')
  if (!navigation) return 'complete'
  const isBefore = (milestoneMs: number): boolean => !milestoneMs || timeMs < milestoneMs
  if (isBefore(navigation.domInteractive)) return 'loading'
  if (isBefore(navigation.domContentLoadedEventStart)) return 'dom-interactive'
  return isBefore(navigation.domComplete) ? 'dom-content-loaded' : 'complete'
}
