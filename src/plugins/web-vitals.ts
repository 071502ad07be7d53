import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'
import type { Plugin } from './plugin.ts'

/**
 * Core Web Vitals and their companions, once per page view (also one that the back/forward cache restored):
 * histograms `web_vitals.lcp`, `.inp`, `.fcp` and `.ttfb` in seconds, `web_vitals.cls` as a ratio, with the attribute `rating`
 * (`good`, `needs-improvement`, `poor`). LCP is final at the first input or when the page is hidden; CLS and INP are taken
 * when it is hidden for the first time, since an observation cannot be taken back.
 */
export const webVitals =
  (): Plugin =>
  ({ observe }) => {
    const seen = new Set<string>()
    let isStopped = false
    const report = ({ name, id, value, rating }: MetricType): void => {
      if (isStopped || seen.has(id)) return
      seen.add(id)
      // To the microsecond: no browser measures finer, and the noise of its subtractions would be bytes on the wire.
      observe(`web_vitals.${name.toLowerCase()}`, name === 'CLS' ? value : Math.round(value * 1_000) / 1e6, { rating })
    }
    for (const start of [onLCP, onINP, onCLS, onFCP, onTTFB]) start(report)
    // web-vitals cannot be stopped; it can be ignored.
    return () => {
      isStopped = true
    }
  }
