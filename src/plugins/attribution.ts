import { navigationEntry } from '../browser/navigation-entry.ts'
import { observeEntries } from '../browser/observe-entries.ts'
import type { Attributes } from '../protocol/types.ts'
import type { VitalsAttribution } from './web-vitals.ts'

/** The events before one paint. All in ms since the page began. */
interface Frame {
  readonly painted: number
  began: number
  ended: number
}

/** Frames in which an event may still come late. */
const RECENT_FRAMES = 10

/** The browser rounds the durations of events to 8 ms, so events of one frame seem to be painted that far apart. */
const SAME_FRAME_MS = 8

/**
 * The cause of a web vital, as far as it is safe as a label: a few words, never a selector, a URL or a text of the page.
 * An option of `webVitals`, so that pages without it do not load it.
 * - LCP `element`: `img`, `image` (in SVG), `video`, `background` (an image of another element), `text`, or `unknown` where the
 *   element was gone at once.
 * - INP `interaction`: `pointer` or `keyboard`; and `subpart`, the longest of `input-delay`, `processing-duration` (of all events
 *   of the frame) and `presentation-delay`.
 * - CLS `load_state` at the largest shift: `loading`, `dom-interactive`, `dom-content-loaded` or `complete`.
 *
 * Nothing is added where the browser gave no entries: after a restore, for a layout that never shifted.
 * @example
 * webVitals({ attribution })
 */
export function attribution(): VitalsAttribution {
  // Keyed by the entries that web-vitals names, so that both forget them together.
  const kinds = new WeakMap<PerformanceEntry, string>()
  const frames = new WeakMap<PerformanceEntry, Frame>()
  const recent: Frame[] = []

  // Read at once: when the value is final, the page may have replaced the element.
  const keepKind = (paint: LargestContentfulPaint): void => void kinds.set(paint, elementKind(paint))

  const keepFrame = (event: PerformanceEventTiming): void => {
    const own = frameOf(event)
    let frame = recent.find(({ painted }) => Math.abs(painted - own.painted) <= SAME_FRAME_MS)
    if (!frame) recent.push((frame = own))
    if (recent.length > RECENT_FRAMES) recent.shift()
    frame.began = Math.min(frame.began, own.began)
    frame.ended = Math.max(frame.ended, own.ended)
    frames.set(event, frame)
  }

  const stops = [
    observeEntries('largest-contentful-paint', keepKind),
    observeEntries('interaction-contentful-paint', ({ largestContentfulPaint: paint }) => paint && keepKind(paint)),
    observeEntries('event', keepFrame),
  ]
  return {
    attributesOf: ({ name, entries }) => {
      if (!entries.length) return {}
      if (name === 'LCP') return { element: kinds.get(entries[0]!) ?? elementKind(entries[0]!) }
      if (name === 'INP') return interactionOf(entries[0]!, frames.get(entries[0]!))
      if (name === 'CLS') return { load_state: loadStateAt(largestOf(entries).startTime) }
      return {}
    },
    stop: () => {
      for (const stop of stops) stop?.()
    },
  }
}

const frameOf = ({ startTime, duration, processingStart, processingEnd }: PerformanceEventTiming): Frame => ({
  painted: startTime + duration,
  began: processingStart,
  ended: processingEnd,
})

function elementKind({ element, url }: LargestContentfulPaint): string {
  if (!element) return 'unknown'
  const tag = element.localName
  if (['img', 'image', 'video'].includes(tag)) return tag
  return url ? 'background' : 'text'
}

function interactionOf(event: PerformanceEventTiming, frame = frameOf(event)): Attributes {
  const { name, startTime, duration } = event
  const began = Math.max(frame.began, startTime)
  // Durations are rounded, and a dialog is not waited for: https://github.com/GoogleChrome/web-vitals/issues/492
  const painted = Math.max(startTime + duration, began)
  const ended = Math.min(frame.ended, painted)
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

const largestOf = (shifts: readonly LayoutShift[]): LayoutShift => shifts.reduce((a, b) => (b.value > a.value ? b : a))

/** A milestone that is still to come is 0. */
function loadStateAt(timeMs: number): string {
  const navigation = navigationEntry()
  if (!navigation) return 'complete'
  const isBefore = (milestoneMs: number): boolean => !milestoneMs || timeMs < milestoneMs
  if (isBefore(navigation.domInteractive)) return 'loading'
  if (isBefore(navigation.domContentLoadedEventStart)) return 'dom-interactive'
  return isBefore(navigation.domComplete) ? 'dom-content-loaded' : 'complete'
}
