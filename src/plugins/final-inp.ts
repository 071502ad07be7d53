import { type INPMetric, onINP, type ReportOpts } from 'web-vitals'

/**
 * `onINP` of web-vitals, also for a page that is hidden soon after an interaction. Reports INP when the page is hidden; the INP of
 * a view that a soft navigation ended, at the first interaction of a later view. It may report a view (`id`) again with a later
 * value: use the first.
 *
 * web-vitals keeps an interaction until the browser is idle or the page is hidden. When the page is hidden, its listener that
 * reports runs before the listener that takes the kept interaction (onINP.ts and whenIdleOrHidden.ts in 6.2.3), so the interaction is
 * lost. `reportAllChanges` still reports it. Figures: docs/BROWSERS.md#inp-of-short-visits. Sources:
 * https://github.com/GoogleChrome/web-vitals/blob/v6.2.3/src/onINP.ts and src/lib/whenIdleOrHidden.ts.
 */
export function onFinalINP(report: (metric: INPMetric) => void, options: ReportOpts): void {
  let latest: INPMetric | undefined
  let isHidden = false
  // This report is the first one, so its delta is the whole value.
  const tell = (): void => latest && report({ ...latest, delta: latest.value })
  // web-vitals listens on the window in the capture phase, before this listener on the document. The beacon leaves after it.
  document.addEventListener('visibilitychange', () => {
    isHidden = document.visibilityState === 'hidden'
    if (isHidden) tell()
  })
  onINP(
    (metric) => {
      if (latest?.id !== metric.id) tell()
      latest = metric
      // Chromium may hand over the last entries of a closing tab after the event (docs/BROWSERS.md#inp-of-short-visits).
      if (isHidden) tell()
    },
    { ...options, reportAllChanges: true },
  )
}
